/** Tells when something in the database may have changed. */
export interface ChangeSignal {
  /**
   * Calls `onChange` after every commit of a transaction that announced `channel`, by whichever process, soon after it:
   * on PostgreSQL at once, on SQLite at once within the handle and after a poll from others. A call is a hint: several
   * commits may share one, and calls without a change happen, so whoever is called reads what there is. Nothing that is
   * committed after the answer is missed: a lost connection is made anew and ends with a call. So listen first, then read.
   *
   * @param channel see `checkChannel`
   * @param onChange must not throw
   * @returns ends the listening; no call begins after it has answered
   * @throws DatabaseError if the database cannot be listened to
   */
  listen(channel: string, onChange: () => void): Promise<AsyncDisposable>
}

const CHANNEL = /^[a-z][a-z0-9_]{0,62}$/

/**
 * The name of a channel: lower-case letters, digits and underscores, at most 63 of them.
 *
 * @throws RangeError if it is none
 */
export function checkChannel(channel: string): string {
  if (CHANNEL.test(channel)) return channel
  throw new RangeError(`'${channel}' is no name of a channel: lower-case letters, digits and underscores, at most 63`)
}
