/** A field of Heralding's sessions, and what becomes of it. */
export interface SessionField {
  readonly name: string
  readonly becomes: string
  readonly meaning: string
}

export const SESSION_FIELDS: readonly SessionField[] = [
  { name: 'timestamp', becomes: '`observed_at` of the opening', meaning: 'UTC.' },
  { name: 'duration', becomes: '`duration_seconds` and `observed_at` of the end', meaning: 'Seconds.' },
  { name: 'session_ended', becomes: 'a `session` that was closed', meaning: 'Where it is true.' },
  { name: 'session_id', becomes: '`session_id`', meaning: '' },
  { name: 'source_ip', becomes: '`source_ip`', meaning: '' },
  { name: 'destination_port', becomes: '`destination_port` of the opening', meaning: '' },
  { name: 'protocol', becomes: '`service`', meaning: 'In lower case.' },
  {
    name: 'auth_attempts[]',
    becomes: 'an `auth_attempt` each',
    meaning: '`timestamp`, `username`, `password`. The same event as in the list of logins.',
  },
  { name: 'num_auth_attempts', becomes: '–', meaning: 'Left out: the attempts are counted.' },
  { name: 'auxiliary_data', becomes: '–', meaning: 'Left out: what services tell of the protocol.' },
  { name: 'source_port, destination_ip', becomes: '–', meaning: 'Left out.' },
]
