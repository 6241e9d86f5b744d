import { sameFamily } from '../../src/attack/attack-ids.js'
import { type LabelledMail, readRecords } from '../corpora.js'
import { shown } from '../judge.js'
import { type Aim, addTo, type Measure, type Reading, share } from '../measure.js'
import { oneLine } from '../table.js'

const PHISHING = ['T1566', 'T1598']

/** The label, what its reading is called, and what is aimed at. Spam is neither: for information. */
const LABELS: readonly (readonly [label: LabelledMail['label'], what: string, aim: Aim | null])[] = [
  ['phishing', 'phishing mail tagged as phishing', { atLeast: 0.75 }],
  ['ham', 'honest mail tagged as phishing', { atMost: 0.03 }],
  ['spam', 'old spam tagged as phishing', null],
]

/** Whether mail that deceives is told from mail that does not. The traps' own marks are taken off before. */
export const mail: Measure = {
  name: 'mail',
  folder: 'corpus',
  file: 'emails.jsonl.gz',
  async run(file, judge) {
    const all = new Map<string, LabelledMail[]>()
    const tagged = new Map<string, LabelledMail[]>()
    for (const one of readRecords<LabelledMail>(file)) {
      addTo(all, one.label, one)
      const judgements = shown(await judge.mail(withoutTrap(one.raw)))
      if (judgements.some(({ id }) => PHISHING.some((family) => sameFamily(id, family)))) addTo(tagged, one.label, one)
    }
    const readings = LABELS.map(([label, what, aim]): Reading => {
      const count = all.get(label)?.length ?? 0
      const hits = tagged.get(label)?.length ?? 0
      return { what, value: share(hits, count), unit: 'share', aim, basis: `${hits} of ${count} mails` }
    })
    const missed = (all.get('phishing') ?? []).filter((one) => !(tagged.get('phishing') ?? []).includes(one))
    return {
      readings,
      details: ['Honest mail tagged:', ...describe(tagged.get('ham') ?? []), 'Phishing missed:', ...describe(missed)],
    }
  },
}

function describe(mails: readonly LabelledMail[]): readonly string[] {
  return mails.map(({ id, raw }) => `  ${id}  ${oneLine(/^subject:(.*)$/im.exec(raw)?.[1] ?? '', 100)}`)
}

/** What the trap and the servers before it added: their own headers, and the name that one corpus gives the trap. */
const TRAP_HEADER = /^(?:From |(?:received|delivered-to|return-receipt-to)\s*:|x-|arc-)/i

function withoutTrap(raw: string): string {
  const text = raw.replaceAll('\r\n', '\n')
  const end = text.indexOf('\n\n')
  const headers = (end < 0 ? text : text.slice(0, end)).split(/\n(?![ \t])/)
  const kept = headers.filter((header) => !TRAP_HEADER.test(header)).join('\n')
  return `${kept}${end < 0 ? '' : text.slice(end)}`.replaceAll('phishing@pot', 'someone@example.net')
}
