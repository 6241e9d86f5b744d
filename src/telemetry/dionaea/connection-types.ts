/** A connection type that becomes events of ours. */
export interface UsedConnectionType {
  /** Dionaea's `connection.type`. */
  readonly name: string
  readonly meaning: string
}

/** A connection type that we know and leave out. */
export interface IgnoredConnectionType {
  readonly name: string
  readonly ignoredBecause: string
}

export type ConnectionType = UsedConnectionType | IgnoredConnectionType

/** Every connection type that Dionaea writes, and what becomes of it. */
export const CONNECTION_TYPES: readonly ConnectionType[] = [
  { name: 'accept', meaning: 'Somebody connected: a session, its logins and what was asked of the FTP server.' },
  { name: 'reject', meaning: 'Somebody connected to a port where no service is: a session.' },
  { name: 'listen', ignoredBecause: 'a port that the decoy opened itself, as for an FTP transfer' },
  { name: 'connect', ignoredBecause: "the decoy's own connection, as to fetch what it was told to" },
]

/** The entry for a connection type, or undefined if the table does not know it. */
export function findConnectionType(name: string): ConnectionType | undefined {
  return CONNECTION_TYPES.find((entry) => entry.name === name)
}
