import { BusError } from '../bus-error.js'

/** Where a NATS server is and how to get in. Never print credentials: `shown` is what a message may say. */
export interface ServerAddress {
  readonly servers: readonly string[]
  readonly tls: boolean
  readonly credentials: { readonly user: string; readonly pass: string } | { readonly token: string } | null
  /** First token of every subject, so that several deployments share a server; null for none. */
  readonly namespace: string | null
  readonly shown: string
}

const NAMESPACE = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Reads `nats://[user:password@|token@]host[:port][/namespace]`, `tls://` likewise; several servers of one cluster are
 * parted by commas, and the first one's credentials and namespace count.
 *
 * @throws BusError `bad-url`
 */
export function parseServerAddress(url: string): ServerAddress {
  const urls = url.split(',').map(parseUrl)
  const [first] = urls as [URL, ...URL[]]
  const namespace = first.pathname.replace(/^\/|\/$/g, '') || null
  if (namespace !== null && !NAMESPACE.test(namespace)) {
    throw badUrl(`the namespace ${JSON.stringify(namespace)} takes 1 to 64 letters, digits, hyphens and underscores`)
  }
  const servers = urls.map(({ hostname, port }) => `${hostname}:${port || '4222'}`)
  const tls = first.protocol === 'tls:'
  return { servers, tls, namespace, credentials: credentialsOf(first), shown: servers.join(', ') }
}

function credentialsOf({ username, password }: URL): ServerAddress['credentials'] {
  if (username === '') return null
  const user = decodeURIComponent(username)
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined) throw badUrl('it is no URL')
  if (!['nats:', 'tls:'].includes(url.protocol)) throw badUrl(`it begins with ${url.protocol}`)
  if (url.hostname === '') throw badUrl('it names no host')
  return url
}

/** Says nothing of the rest of the URL, which may hold a password. */
function badUrl(problem: string): BusError {
  return new BusError('bad-url', `the URL of the bus cannot be used: ${problem}`, {
    remedy: 'Write it as nats://host:4222, or nats://user:password@host:4222/namespace.',
  })
}
