import { createHash } from 'node:crypto'
import { sameFamily } from '../../src/attack/attack-ids.js'
import { type LabelledMail, readRecords } from '../corpora.js'
import { type Judge, shown } from '../judge.js'
import { type Aim, addTo, type Measure, type Reading, share } from '../measure.js'
import { oneLine } from '../table.js'

const PHISHING = ['T1566', 'T1598']

/** The label, what its reading is called, and what is aimed at. Spam is neither: for information. */
const LABELS: readonly (readonly [label: LabelledMail['label'], what: string, aim: Aim | null])[] = [
  ['phishing', 'phishing mail tagged as phishing', { atLeast: 0.75 }],
  ['ham', 'honest mail tagged as phishing', { atMost: 0.03 }],
  ['spam', 'old spam tagged as phishing', null],
]

/** Verdicts that servers of today write. The honest mail is twenty years older and could not have them. */
const SERVER_VERDICT = /^(?:authentication-results|received-spf)\s*:/i

/**
 * Whether mail that deceives is told from mail that does not. The traps' own marks are taken off before.
 *
 * The weights were found on these mails, so the aims flatter. Two cross-checks show by how much: each half of the mails by
 * itself, and what is left where no server has judged the sender.
 */
export const mail: Measure = {
  name: 'mail',
  folder: 'corpus',
  file: 'emails.jsonl.gz',
  async run(file, judge) {
    const all = new Map<string, LabelledMail[]>()
    const tagged = new Map<string, LabelledMail[]>()
    const unjudged = new Map<string, LabelledMail[]>()
    for (const one of readRecords<LabelledMail>(file)) {
      addTo(all, one.label, one)
      if (await isTagged(withoutHeaders(one.raw, TRAP_HEADER), judge)) addTo(tagged, one.label, one)
      const raw = withoutHeaders(withoutHeaders(one.raw, TRAP_HEADER), SERVER_VERDICT)
      if (await isTagged(raw, judge)) addTo(unjudged, one.label, one)
    }
    const readings = LABELS.map(([label, what, aim]): Reading => {
      const count = all.get(label)?.length ?? 0
      const hits = tagged.get(label)?.length ?? 0
      return { what, value: share(hits, count), unit: 'share', aim, basis: `${hits} of ${count} mails` }
    })
    const checks = LABELS.filter(([, , aim]) => aim !== null).flatMap(([label, what, aim]) => [
      worseHalf(what, aim!, { all: all.get(label) ?? [], tagged: tagged.get(label) ?? [] }),
      ofThose(`${what}, no server having judged it`, all.get(label) ?? [], unjudged.get(label) ?? []),
    ])
    const missed = (all.get('phishing') ?? []).filter((one) => !(tagged.get('phishing') ?? []).includes(one))
    return {
      readings: [...readings, ...checks],
      details: ['Honest mail tagged:', ...describe(tagged.get('ham') ?? []), 'Phishing missed:', ...describe(missed)],
    }
  },
}

function describe(mails: readonly LabelledMail[]): readonly string[] {
  return mails.map(({ id, raw }) => `  ${id}  ${oneLine(/^subject:(.*)$/im.exec(raw)?.[1] ?? '', 100)}`)
}

/** What the trap and the servers before it added: their own headers, and the name that one corpus gives the trap. */
const TRAP_HEADER = /^(?:From |(?:received|delivered-to|return-receipt-to)\s*:|x-|arc-)/i

async function isTagged(raw: string, judge: Judge): Promise<boolean> {
  return shown(await judge.mail(raw)).some(({ id }) => PHISHING.some((family) => sameFamily(id, family)))
}

function ofThose(what: string, all: readonly LabelledMail[], tagged: readonly LabelledMail[]): Reading {
  const basis = `${tagged.length} of ${all.length} mails`
  return { what, value: share(tagged.length, all.length), unit: 'share', aim: null, basis }
}

interface Counted {
  readonly all: readonly LabelledMail[]
  readonly tagged: readonly LabelledMail[]
}

/** The reading of that half of the mails, by a hash of their ids, which is further from the aim. */
function worseHalf(what: string, aim: Aim, { all, tagged }: Counted): Reading {
  const halves = [0, 1].map((half) => {
    const isOf = ({ id }: LabelledMail) => (createHash('sha256').update(id).digest()[1]! & 1) === half
    return ofThose(`${what}, worse half`, all.filter(isOf), tagged.filter(isOf))
  })
  const sorted = halves.toSorted((one, other) => (one.value ?? 0) - (other.value ?? 0))
  return sorted['atLeast' in aim ? 0 : 1]!
}

function withoutHeaders(raw: string, unwanted: RegExp): string {
  const text = raw.replaceAll('\r\n', '\n')
  const end = text.indexOf('\n\n')
  const headers = (end < 0 ? text : text.slice(0, end)).split(/\n(?![ \t])/)
  const kept = headers.filter((header) => !unwanted.test(header)).join('\n')
  return `${kept}${end < 0 ? '' : text.slice(end)}`.replaceAll('phishing@pot', 'someone@example.net')
}
