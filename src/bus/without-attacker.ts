import { computeAttackerUuid } from '../events/ids.js'

/** Messages hold other messages no deeper: a dead letter holds one, that holds events. */
const DEEPEST = 6

type Fields = Readonly<Record<string, unknown>>

/** Whether the payload of a message speaks of an attacker. */
export function holdsAttacker(payload: unknown, attackerUuid: string): boolean {
  return withoutAttacker(payload, attackerUuid) !== payload
}

/**
 * What is left of a payload without an attacker: the very same where it does not speak of it, null where nothing is left.
 * Items of lists are taken out; what is about the attacker alone goes as a whole.
 */
export function withoutAttacker(payload: unknown, attackerUuid: string): unknown {
  return strip(payload, attackerUuid, 0)
}

function strip(value: unknown, attackerUuid: string, depth: number): unknown {
  if (value === attackerUuid) return null
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return stripList(value, attackerUuid, depth)
  const fields = value as Fields
  if (fields.attacker_uuid === attackerUuid || isAddressOf(fields.source_ip, attackerUuid)) return null
  return stripFields(fields, attackerUuid, depth)
}

/** Others than us may leave it to the reader to work out whose an address is. */
function isAddressOf(address: unknown, attackerUuid: string): boolean {
  return typeof address === 'string' && computeAttackerUuid(address) === attackerUuid
}

function stripList(list: readonly unknown[], attackerUuid: string, depth: number): unknown {
  const left = list.map((item) => strip(item, attackerUuid, depth + 1))
  if (left.every((item, index) => item === list[index])) return list
  const kept = left.filter((item, index) => item !== null || list[index] === null)
  return kept.length === 0 ? null : kept
}

function stripFields(fields: Fields, attackerUuid: string, depth: number): unknown {
  const stripped: Record<string, unknown> = {}
  let isChanged = false
  for (const [name, value] of Object.entries(fields)) {
    const left = strip(value, attackerUuid, depth + 1)
    if (left === null && value !== null) return null
    isChanged ||= left !== value
    Object.defineProperty(stripped, name, { value: left, enumerable: true })
  }
  return isChanged ? stripped : fields
}
