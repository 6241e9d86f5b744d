/** A column of Heralding's list of logins, and what becomes of it. */
export interface CsvColumn {
  readonly name: string
  /** Field of the event or its payload that it becomes; null where it is left out. */
  readonly becomes: string | null
  readonly meaning: string
}

/** The columns in their order. Heralding before 1.0.6 has no `password_hash`. */
export const CSV_COLUMNS = [
  { name: 'timestamp', becomes: 'observed_at', meaning: 'UTC.' },
  {
    name: 'auth_id',
    becomes: null,
    meaning: 'Left out: the sessions do not have it, and a login that both files tell is to be one event.',
  },
  { name: 'session_id', becomes: 'session_id', meaning: '' },
  { name: 'source_ip', becomes: 'source_ip', meaning: '' },
  { name: 'source_port', becomes: null, meaning: 'Left out.' },
  { name: 'destination_ip', becomes: null, meaning: "Left out: the decoy's own address." },
  { name: 'destination_port', becomes: null, meaning: 'Left out here; the sessions tell it.' },
  { name: 'protocol', becomes: 'service', meaning: 'In lower case.' },
  { name: 'username', becomes: 'username', meaning: '' },
  { name: 'password', becomes: 'password', meaning: 'Left out where it is empty and there is a hash.' },
  { name: 'password_hash', becomes: null, meaning: 'Left out.' },
] as const satisfies readonly CsvColumn[]

export type CsvColumnName = (typeof CSV_COLUMNS)[number]['name']

/** The first line of the file, or of the part behind a restart, as far as all versions agree. */
export const CSV_HEADER = CSV_COLUMNS.slice(0, -1)
  .map(({ name }) => name)
  .join(',')
