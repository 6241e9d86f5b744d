import type { z } from 'zod'
import type { DigestSet } from '../collections/digest-set.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { MAIL_SIGNS, type MailSign } from '../mail/mail-signs.js'
import { type MailReading, readMail } from '../mail/read-mail.js'
import type { Lifter, Observation } from '../tagging/lifter.js'
import type { Evidence } from '../tagging/tag.js'
import { textsOf } from './numbers.js'
import { weighSigns, weightParameters } from './weigh-signs.js'

const Parameters = weightParameters(MAIL_SIGNS)
type Parameters = z.infer<typeof Parameters>

/** What the signs of a mail, weighed together, say. Hardly one of them says anything alone. */
export const email: Lifter = {
  name: 'email',
  handles: new Set(['email']),
  inputs: { email: ['raw'] },
  parameters: Parameters,
  basis: 'observed',
  lift(event, parameters, { malware }) {
    const reading = readingOf(event)
    return reading === null ? null : reading.then((mail) => weigh(mail, parameters as Parameters, malware))
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

function weigh(mail: MailReading | null, weights: Parameters, malware: DigestSet): Observation | null {
  const weighing = mail === null ? null : weighSigns(signsOf(mail, malware), weights)
  if (mail === null || weighing === null) return null
  const { found, ...rest } = weighing
  return { ...rest, evidence: evidenceOf(mail, found) }
}

/** What the mail shows, and what others know of its files. */
function signsOf({ signs, files }: MailReading, malware: DigestSet): ReadonlySet<MailSign> {
  return files.some(({ sha256 }) => malware.has(sha256)) ? new Set([...signs, 'known_malware']) : signs
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
