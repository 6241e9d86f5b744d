import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { IdentityMembership } from '../../correlation/identity-membership.js'
import { computeAttackerUuid } from '../../events/ids.js'
import { CommandFailure } from '../failure.js'

/** Ids are compared as they are computed: in lower case. */
const Uuid = z.uuid().toLowerCase()

const Formed = z.strictObject({
  identity_uuid: Uuid,
  attacker_uuids: z.array(Uuid).default([]),
  source_ips: z.array(z.union([z.ipv4(), z.ipv6()])).default([]),
})
const Merged = z.strictObject({ identity_uuid: Uuid, merged_uuids: z.array(Uuid) })

/**
 * Reads which attackers belong to which identity: JSON lines with the fields of `identity.formed` (`identity_uuid`,
 * `attacker_uuids`, or `source_ips`) or of `identity.merged` (`identity_uuid`, `merged_uuids`).
 *
 * @throws CommandFailure naming the line that cannot be read
 */
export function readIdentities(path: string): IdentityMembership {
  const membership = new IdentityMembership()
  readText(path)
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() !== '') takeLine(line, membership, `${path}:${index + 1}`)
    })
  return membership
}

function takeLine(line: string, membership: IdentityMembership, place: string): void {
  const value = parse(line, place)
  const isMerger = typeof value === 'object' && value !== null && 'merged_uuids' in value
  const told = (isMerger ? Merged : Formed).safeParse(value)
  if (!told.success) {
    const { path, message } = told.error.issues[0]!
    throw new CommandFailure(`${place}: ${path.join('.') || 'the line'}: ${message}`)
  }
  if ('merged_uuids' in told.data) membership.merge(told.data.identity_uuid, told.data.merged_uuids)
  else {
    const { identity_uuid: identity, attacker_uuids: attackers, source_ips: addresses } = told.data
    membership.form(identity, [...attackers, ...addresses.map(computeAttackerUuid)])
  }
}

function parse(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new CommandFailure(`${place}: no JSON`)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new CommandFailure(`cannot read the identities in ${path}: ${code}`)
  }
}
