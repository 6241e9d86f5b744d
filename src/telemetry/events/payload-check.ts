import { sourceKind } from '../../events/source-kinds.js'
import type { Payload } from '../../events/tagger-event.js'
import type { JsonLine } from '../json/json-line.js'

/**
 * The payload without the fields whose type is not the one that the kind's schema gives them; each is named in a
 * warning. Fields that the schema does not know stay, and so does the whole payload of an unknown kind.
 */
export function checkPayload(kind: string, payload: Payload, line: JsonLine): Payload {
  const shape = sourceKind(kind)?.payload.shape
  if (shape === undefined) return payload
  const fits = ([name, value]: [string, unknown]) =>
    !Object.hasOwn(shape, name) || shape[name as keyof typeof shape].safeParse(value).success
  const entries = Object.entries(payload)
  const fitting = entries.filter(fits)
  if (fitting.length === entries.length) return payload
  for (const [name] of entries.filter((entry) => !fits(entry))) {
    line.warn('wrong-type', `"payload.${name}" has not the type that ${kind} gives it; the field was left out`)
  }
  return Object.fromEntries(fitting)
}
