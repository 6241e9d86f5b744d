import { z } from 'zod'
import type { TaggerEvent } from '../events/tagger-event.js'
import { MAIL_SIGNS, type MailSign } from '../mail/mail-signs.js'
import { type MailReading, readMail } from '../mail/read-mail.js'
import type { Emission } from '../rules/compiled-rule.js'
import type { Lifter, Observation } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { textsOf } from './numbers.js'

const sign = z.enum(Object.keys(MAIL_SIGNS) as [MailSign, ...MailSign[]])

const Parameters = z.strictObject({
  /** How much each sign weighs for the rule. */
  signs: z.partialRecord(sign, z.number().positive().max(10)),
  /** The rule says nothing unless one of these is there; left out, any of its signs will do. */
  one_of: z.array(sign).min(1).optional(),
  /** Weight below which the rule says nothing. */
  least: z.number().positive(),
  /** Weight from which the rule is as sure as it says; below, as much less sure as weight is missing. */
  sure: z.number().positive(),
  /** Signs that a technique of the rule needs, one of them, by its most specific id. */
  needs: z.record(z.string(), z.array(sign).min(1)).optional(),
})
type Parameters = z.infer<typeof Parameters>

/** What the signs of a mail, weighed together, say. Hardly one of them says anything alone. */
export const email: Lifter = {
  name: 'email',
  handles: new Set(['email']),
  inputs: { email: ['raw'] },
  parameters: Parameters,
  basis: 'observed',
  lift(event, parameters) {
    const reading = readingOf(event)
    return reading === null ? null : reading.then((mail) => weigh(mail, parameters as Parameters))
  },
}

/** All rules ask about one event; its mail is read once. */
const readings = new WeakMap<TaggerEvent, Promise<MailReading | null>>()

function readingOf(event: TaggerEvent): Promise<MailReading | null> | null {
  const { raw } = event.payload
  if (typeof raw !== 'string' || raw === '') return null
  let reading = readings.get(event)
  if (reading === undefined) {
    const isBinary = event.payload.raw_is_binary === true
    reading = readMail(raw, { envelope: textsOf(event.payload, 'recipients'), isBinary })
    readings.set(event, reading)
  }
  return reading
}

function weigh(mail: MailReading | null, { signs, one_of, least, sure, needs = {} }: Parameters): Observation | null {
  if (mail === null || (one_of !== undefined && !one_of.some((one) => mail.signs.has(one)))) return null
  const found = (Object.keys(signs) as MailSign[]).filter((one) => mail.signs.has(one))
  const weight = found.reduce((sum, one) => sum + signs[one]!, 0)
  if (weight < least) return null
  return {
    multiplier: Math.min(1, weight / sure),
    evidence: evidenceOf(mail, found),
    supports: ({ techniqueId, subTechniqueId }: Emission) =>
      needs[subTechniqueId ?? techniqueId]?.some((one) => mail.signs.has(one)) ?? true,
  }
}

function evidenceOf(mail: MailReading, signs: readonly MailSign[]): Evidence {
  const { bodySha256, headerNames, recipientCount, recipientDomains, files } = mail
  return {
    signs,
    body_sha256: bodySha256,
    header_names: headerNames,
    recipient_count: recipientCount,
    ...(recipientDomains.length > 0 && { recipient_domains: recipientDomains }),
    ...(files.length > 0 && { attachments: files }),
  }
}
