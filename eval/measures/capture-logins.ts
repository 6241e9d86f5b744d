import { dirname, join } from 'node:path'
import { parentIdOf, sameFamily } from '../../src/attack/attack-ids.js'
import { translateTechnique } from '../../src/attack/attack-translation.js'
import { readRecords, type TruthSession } from '../corpora.js'
import { type JudgedEvent, type Judgement, SHOWN_CONFIDENCE } from '../judge.js'
import { addTo, type Measure, type Reading, share } from '../measure.js'
import { renderTable } from '../table.js'
import { TRUTH_RELEASE } from './capture-truth.js'

/** Brute force and valid accounts: what logins show. */
const SCORED = ['T1110', 'T1078']
/** What connections, files and tunnels show; commands show some of these too. */
const FOR_INFORMATION = ['T1595', 'T1105', 'T1090']

/** Something that has a truth: a session, or an attacker with all of his sessions. */
interface Subject {
  readonly name: string
  /** Ids of the pinned release. */
  readonly truth: ReadonlySet<string>
  /** The surest judgement of each technique, at any confidence. */
  readonly stated: ReadonlyMap<string, Judgement>
}

interface Pair {
  readonly subject: Subject
  readonly technique: string
}

interface Score {
  readonly level: string
  /** Pairs that the truth has. */
  readonly labelled: readonly Pair[]
  /** Pairs that the pack states as surely as readers see them. */
  readonly stated: readonly Pair[]
}

/** What the logins and connections of our own capture show, once by session and once by attacker. */
export const captureLogins: Measure = {
  name: 'capture-logins',
  folder: 'capture',
  file: 'cowrie-truth.jsonl',
  async run(file, judge) {
    const truth = readRecords<TruthSession>(file)
    const events = await judge.log(join(dirname(file), 'cowrie.json'))
    const levels = { sessions: sessionsOf(truth, events), attackers: attackersOf(truth, events) }
    const scores = Object.entries(levels).map(([level, subjects]) => scoreOf({ level, subjects, families: SCORED }))
    const others = FOR_INFORMATION.map((family) =>
      scoreOf({ level: `sessions, ${family}`, subjects: levels.sessions, families: [family] }),
    )
    return {
      readings: [...scores.flatMap(scoredReadings), ...others.flatMap((score) => familyReadings(score, null))],
      details: [...scores, ...others].flatMap(scoreDetails),
    }
  },
}

function sessionsOf(truth: readonly TruthSession[], events: readonly JudgedEvent[]): readonly Subject[] {
  const stated = new Map<string, Judgement[]>()
  for (const { judgements } of events) {
    for (const judgement of judgements) for (const id of judgement.sessionIds) addTo(stated, id, judgement)
  }
  return truth.map(({ session, persona, protocol, techniques }) => ({
    name: `${session} ${persona} ${protocol}`,
    truth: pinned(techniques),
    stated: surest(stated.get(session) ?? []),
  }))
}

function attackersOf(truth: readonly TruthSession[], events: readonly JudgedEvent[]): readonly Subject[] {
  const attackers = new Map<string, string>()
  const stated = new Map<string, Judgement[]>()
  for (const { event, judgements } of events) {
    if (event.attackerUuid === null) continue
    if (event.sessionId !== null) attackers.set(event.sessionId, event.attackerUuid)
    for (const judgement of judgements) addTo(stated, event.attackerUuid, judgement)
  }
  const sessions = new Map<string, TruthSession[]>()
  for (const session of truth) addTo(sessions, attackers.get(session.session) ?? session.session, session)
  return [...sessions].map(([attacker, ofAttacker]) => ({
    name: `${attacker.slice(0, 8)} ${ofAttacker[0]!.persona} of ${ofAttacker.length}`,
    truth: pinned(ofAttacker.flatMap(({ techniques }) => techniques)),
    stated: surest(stated.get(attacker) ?? []),
  }))
}

function pinned(techniques: readonly string[]): ReadonlySet<string> {
  return new Set(techniques.map((technique) => translateTechnique(technique, TRUTH_RELEASE).id))
}

function surest(judgements: readonly Judgement[]): ReadonlyMap<string, Judgement> {
  const ascending = judgements.toSorted((one, other) => one.confidence - other.confidence)
  return new Map(ascending.map((judgement) => [judgement.id, judgement]))
}

interface Level {
  readonly level: string
  readonly subjects: readonly Subject[]
  readonly families: readonly string[]
}

function scoreOf({ level, subjects, families }: Level): Score {
  const isScored = (technique: string) => families.includes(parentIdOf(technique) ?? technique)
  const pairs = (techniques: (subject: Subject) => Iterable<string>) =>
    subjects.flatMap((subject) =>
      [...techniques(subject)].filter(isScored).map((technique) => ({ subject, technique })),
    )
  return { level, labelled: pairs(({ truth }) => truth), stated: pairs(shownIds) }
}

function shownIds({ stated }: Subject): readonly string[] {
  return [...stated.values()].filter(({ confidence }) => confidence >= SHOWN_CONFIDENCE).map(({ id }) => id)
}

function isFound({ subject, technique }: Pair): boolean {
  return shownIds(subject).some((id) => sameFamily(id, technique))
}

function isRight({ subject, technique }: Pair): boolean {
  return [...subject.truth].some((label) => sameFamily(label, technique))
}

function scoredReadings(score: Score): readonly Reading[] {
  const { level, labelled, stated } = score
  const exactly = labelled.filter(({ subject, technique }) => shownIds(subject).includes(technique))
  const exact = (what: string, whole: readonly Pair[]): Reading => ({
    what: `${level}: ${what}, exact id`,
    value: share(exactly.length, whole.length),
    unit: 'share',
    aim: null,
    basis: `${whole.length} pairs`,
  })
  return [...familyReadings(score, { atLeast: 0.9 }), exact('recall', labelled), exact('precision', stated)]
}

function familyReadings({ level, labelled, stated }: Score, aim: Reading['aim']): readonly Reading[] {
  const reading = (what: string, hits: readonly Pair[], whole: readonly Pair[]): Reading => ({
    what: `${level}: ${what}, family`,
    value: share(hits.length, whole.length),
    unit: 'share',
    aim,
    basis: `${whole.length} pairs`,
  })
  return [reading('recall', labelled.filter(isFound), labelled), reading('precision', stated.filter(isRight), stated)]
}

function scoreDetails({ level, labelled, stated }: Score): readonly string[] {
  const missed = labelled.filter((pair) => !isFound(pair))
  const wrong = new Map<string, Pair[]>()
  for (const pair of stated.filter((stated) => !isRight(stated))) addTo(wrong, ruleOf(pair), pair)
  return [
    '',
    `By ${level}:`,
    techniqueTable(labelled, stated),
    'Missed (no tag of the family at 0.6 or more; weaker ones in brackets):',
    ...missed.map(missedLine),
    'Not in the truth, by rule:',
    ...[...wrong].flatMap(([rule, pairs]) => [`  ${rule}: ${pairs.length}`, ...pairs.map(wrongLine)]),
  ]
}

function techniqueTable(labelled: readonly Pair[], stated: readonly Pair[]): string {
  const techniques = new Set([...labelled, ...stated].map(({ technique }) => technique))
  const rows = [...techniques].sort().map((id) => {
    const [of, said] = [labelled, stated].map((pairs) => pairs.filter(({ technique }) => technique === id))
    const recall = share(of!.filter(isFound).length, of!.length)
    const precision = share(said!.filter(isRight).length, said!.length)
    return [id, `${of!.length}`, `${said!.length}`, recall?.toFixed(2) ?? '-', precision?.toFixed(2) ?? '-']
  })
  return renderTable(['technique', '>in truth', '>stated', '>recall', '>precision'], rows)
}

function ruleOf({ subject, technique }: Pair): string {
  const { ruleId, ruleName } = subject.stated.get(technique)!
  return `${ruleId} ${ruleName} ${technique}`
}

function missedLine({ subject, technique }: Pair): string {
  const weak = [...subject.stated.values()].filter(({ id }) => sameFamily(id, technique))
  const hint = weak.map(({ id, confidence, ruleId }) => `[${id} ${confidence.toFixed(2)} ${ruleId}] `).join('')
  return `  ${technique.padEnd(9)}  ${hint}${subject.name}`
}

function wrongLine({ subject, technique }: Pair): string {
  const { confidence } = subject.stated.get(technique)!
  return `      ${subject.name}   ${confidence.toFixed(2)}   (truth: ${[...subject.truth].join(' ') || 'nothing'})`
}
