import type { LogFormat } from '../decoder.js'
import type { JsonObject } from '../json/json-fields.js'
import type { JsonLine, RefusedLine } from '../json/json-line.js'
import { TypedJsonDecoder, type TypedJsonLog } from '../json/typed-json-decoder.js'
import { type Origin, readOriginTime } from '../origin.js'
import { shareOfObjects } from '../recognition.js'
import { CANARY_EVENTS, NOTIFICATIONS } from './event-types.js'
import { CANARY_FIELDS } from './payloads.js'

const CANARIES: TypedJsonLog = {
  format: 'canary',
  types: [...CANARY_EVENTS, ...NOTIFICATIONS],
  typeOf: (line) => notificationType(line) ?? line.filledText('event') ?? line.refuseField('event'),
  originOf: (line) => (line.has('manage_url') ? notificationOrigin(line) : eventOrigin(line)),
  sessionId: (line) => line.filledText('session_id') ?? null,
  deckyId: (line) => line.filledText('decky_id') ?? null,
}

export const canaryFormat: LogFormat = {
  name: 'canary',
  title: 'Canary tokens and browser fingerprints; webhooks of Canarytokens',
  privileged: false,
  produces: CANARY_FIELDS,
  recognise: (lines) => shareOfObjects(lines, (object) => isCanaryEvent(object) || isNotification(object)),
  createDecoder: (options) => new TypedJsonDecoder(CANARIES, options),
}

function isCanaryEvent({ event }: JsonObject): boolean {
  return typeof event === 'string' && event.startsWith('canary.')
}

function isNotification({ manage_url: url, memo, channel, token_type: type }: JsonObject): boolean {
  return (
    typeof url === 'string' && typeof memo === 'string' && (typeof channel === 'string' || typeof type === 'string')
  )
}

/** Where the address of whoever used the token stands: the plainest name first. */
const ADDRESS_FIELDS = ['attacker_ip', 'source_ip', 'src_ip']

function eventOrigin(line: JsonLine): Origin | RefusedLine {
  const address = ADDRESS_FIELDS.map((name) => line.filledText(name)).find((text) => text !== undefined)
  if (address === undefined) return line.refuseField('attacker_ip')
  return readOriginTime(line, address, { time: 'time', mayBeSeconds: true })
}

/** Older releases of Canarytokens tell the address among the details alone. */
function notificationOrigin(line: JsonLine): Origin | RefusedLine {
  const address = line.filledText('src_ip') ?? line.fields('additional_data').filledText('src_ip')
  if (address === undefined) return line.refuseField('src_ip')
  return readOriginTime(line, address, { time: 'time', plain: (time) => time.replace(/ \(UTC\)$/, 'Z') })
}

/** What the test that Canarytokens sends calls its token, and what it links to. */
const TEST_TOKEN = 'a+test+token'
const TEST_LINK = 'http://example.com/test/url/for/webhook'

/** What a notification of Canarytokens is about; null for what is none. */
function notificationType(line: JsonLine): string | null {
  if (!line.has('manage_url')) return null
  if (line.value('token') === TEST_TOKEN || line.value('manage_url') === TEST_LINK) return 'canarytokens.test'
  return line.has('exposed_time') ? 'canarytokens.exposed' : 'canarytokens.alert'
}
