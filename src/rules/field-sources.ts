/** Payload fields that a field can be worked out from, by source kind; any one will do. Fields not named stand for themselves. */
const SOURCES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  command: {
    decoded: ['command_text'],
    encodings: ['command_text'],
    obfuscation: ['command_text'],
  },
  http_request: {
    request: ['path', 'query', 'raw_url', 'headers.*', 'body'],
    path: ['path', 'raw_url'],
    query: ['query', 'path', 'raw_url'],
    raw_url: ['raw_url', 'path', 'query'],
    host: ['host', 'headers.host'],
    user_agent: ['user_agent', 'headers.user-agent'],
    'headers.host': ['headers.host', 'host'],
    'headers.user-agent': ['headers.user-agent', 'user_agent'],
    'headers.*': ['headers.*', 'host', 'user_agent'],
  },
}

/** Whether an event with these payload fields has a field that a rule names, given or worked out. */
export function hasSource(kind: string, given: readonly string[], field: string): boolean {
  const sources = SOURCES[kind]?.[field.toLowerCase()] ?? [field]
  return sources.some((source) => isGiven(given, source))
}

/** A map counts as given where one of its entries is, and every entry where the map as a whole is. */
function isGiven(given: readonly string[], field: string): boolean {
  const name = field.toLowerCase()
  const map = name.includes('.') ? name.slice(0, name.indexOf('.')) : name
  const isWholeMap = name === map || name === `${map}.*`
  return given.some((each) => each === name || each === map || (isWholeMap && each.startsWith(`${map}.`)))
}
