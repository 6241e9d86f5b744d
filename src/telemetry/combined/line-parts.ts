/** One part of an access log line and what becomes of it. */
export interface LinePart {
  /** How nginx and Apache name the part in the definition of a log format; null where one has none. */
  readonly nginx: string | null
  readonly apache: string
  /** Fields of the event or its payload that it becomes; none where it is left out. */
  readonly becomes: readonly string[]
  readonly meaning: string
}

/** Every part of a line, in order, and what becomes of it. */
export const COMBINED_LINE_PARTS: readonly LinePart[] = [
  { nginx: null, apache: '%v:%p', becomes: ['host'], meaning: 'Virtual host (`vhost_combined`), without its port.' },
  { nginx: '$remote_addr', apache: '%h', becomes: ['source_ip'], meaning: "The client's address, or its host name." },
  { nginx: '-', apache: '%l', becomes: [], meaning: 'Left out: next to no client answers it, and none truthfully.' },
  { nginx: '$remote_user', apache: '%u', becomes: [], meaning: 'Left out: the user name of an HTTP login.' },
  {
    nginx: '[$time_local]',
    apache: '%t',
    becomes: ['observed_at'],
    meaning: 'Time of the request, its zone honoured.',
  },
  {
    nginx: '"$request"',
    apache: '"%r"',
    becomes: ['method', 'path', 'query', 'raw_url'],
    meaning: 'The request line. Of what is no request (`-`, binary data), `raw_url` holds all that was sent.',
  },
  { nginx: '$status', apache: '%>s', becomes: ['status'], meaning: 'Status code that the server answered.' },
  { nginx: '$body_bytes_sent', apache: '%O or %b', becomes: [], meaning: 'Left out: the size of the answer.' },
  {
    nginx: '"$http_referer"',
    apache: '"%{Referer}i"',
    becomes: ['headers.referer'],
    meaning: 'Not in lines of the form `common`.',
  },
  {
    nginx: '"$http_user_agent"',
    apache: '"%{User-Agent}i"',
    becomes: ['headers.user-agent', 'user_agent'],
    meaning: 'Not in lines of the form `common`.',
  },
]
