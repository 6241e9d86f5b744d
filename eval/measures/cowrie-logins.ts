import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import { type Judge, type JudgedEvent, type JudgementInLog, shown } from '../judge.js'
import { addTo, type Measure, type Reading, share } from '../measure.js'
import { oneLine, renderTable } from '../table.js'

/** Refused logins on one day (UTC) from which on an attacker is taken to guess. */
const GUESSES_A_DAY = 5
const DAY = 86_400_000
const EXAMPLES = 4

/** One log of a real honeypot. */
interface RealLog {
  readonly name: string
  readonly telemetry: readonly TaggerEvent[]
  readonly conclusions: readonly JudgedEvent[]
}

interface ConcludedStatement {
  readonly event: TaggerEvent
  readonly judgement: JudgementInLog
}

/** What is concluded of real attacks, to read and to judge: nobody labelled them. */
export const cowrieLogins: Measure = {
  name: 'cowrie-logins',
  folder: 'corpus',
  file: 'cowrie',
  async run(folder, judge) {
    const logs: RealLog[] = []
    for (const file of readdirSync(folder).sort()) logs.push(await readLog(join(folder, file), judge))
    return { readings: logs.flatMap(readings), details: [...logs.flatMap(ruleTable), ...logs.flatMap(examples)] }
  },
}

async function readLog(file: string, judge: Judge): Promise<RealLog> {
  const events = await judge.log(file)
  return {
    name: basename(file).split('.', 1)[0]!,
    telemetry: events.filter(({ isConcluded }) => !isConcluded).map(({ event }) => event),
    conclusions: events.filter(({ isConcluded }) => isConcluded),
  }
}

function readings(log: RealLog): readonly Reading[] {
  const { name, telemetry } = log
  const attackers = distinct(telemetry.map(({ attackerUuid }) => attackerUuid)).length
  const sessions = distinct(telemetry.map(({ sessionId }) => sessionId)).length
  const statements = statementsOf(log)
  const guessing = guessingAttackers(telemetry)
  const said = new Set(statements.filter(isOf('T1110')).map(({ event }) => event.attackerUuid))
  const letIn = sessionsLetIn(telemetry)
  const saidLetIn = new Set(statements.filter(isOf('T1078')).flatMap(({ judgement }) => judgement.sessionIds))
  const part = (what: string, values: readonly string[], found: ReadonlySet<string | null>, of: string): Reading => ({
    what: `${name}: ${what}`,
    value: share(values.filter((value) => found.has(value)).length, values.length),
    unit: 'share',
    aim: null,
    basis: `${values.length} ${of}`,
  })
  return [
    {
      what: `${name}: concluded tags a session`,
      value: share(statements.length, sessions),
      unit: 'number',
      aim: null,
      basis: `${telemetry.length} events, ${attackers} attackers, ${sessions} sessions`,
    },
    part('guessing attackers with T1110', guessing, said, `attackers with ${GUESSES_A_DAY} failures a day`),
    part('sessions let in with T1078', letIn, saidLetIn, 'sessions with a successful login'),
  ]
}

function statementsOf({ conclusions }: RealLog): readonly ConcludedStatement[] {
  return conclusions.flatMap(({ event, judgements }) => judgements.map((judgement) => ({ event, judgement })))
}

/** Whether readers see it, and it is of that family. */
function isOf(family: string): (statement: ConcludedStatement) => boolean {
  return ({ judgement }) => shown([judgement]).some(({ id }) => id.split('.', 1)[0] === family)
}

/** Refused logins; keys that a client offers by itself are no guesses. */
function isGuess({ sourceKind, payload }: TaggerEvent): boolean {
  return sourceKind === 'auth_attempt' && payload.success !== true && payload.method !== 'publickey'
}

function guessingAttackers(telemetry: readonly TaggerEvent[]): readonly string[] {
  const days = new Map<string, number>()
  for (const event of telemetry.filter(isGuess)) {
    const day = `${event.attackerUuid} ${Math.floor(event.observedAt.getTime() / DAY)}`
    days.set(day, (days.get(day) ?? 0) + 1)
  }
  const many = [...days].filter(([, guesses]) => guesses >= GUESSES_A_DAY)
  return distinct(many.map(([day]) => day.split(' ', 1)[0]!))
}

function sessionsLetIn(telemetry: readonly TaggerEvent[]): readonly string[] {
  const letIn = telemetry.filter(({ sourceKind, payload }) => sourceKind === 'auth_attempt' && payload.success === true)
  return distinct(letIn.flatMap(({ sessionId }) => sessionId ?? []))
}

/** How many attackers and sessions each rule over conclusions speaks of. */
function ruleTable(log: RealLog): readonly string[] {
  const rows = [...byRule(log)].sort().map(([rule, statements]) => {
    const confidences = statements.map(({ judgement }) => judgement.confidence)
    return [
      rule,
      `${statements.length}`,
      `${distinct(statements.map(({ event }) => event.attackerUuid)).length}`,
      `${distinct(statements.flatMap(({ judgement }) => judgement.sessionIds)).length}`,
      `${Math.min(...confidences).toFixed(2)} to ${Math.max(...confidences).toFixed(2)}`,
    ]
  })
  return ['', log.name, renderTable(['rule', '>tags', '>attackers', '>sessions', 'confidence'], rows)]
}

function byRule(log: RealLog): ReadonlyMap<string, readonly ConcludedStatement[]> {
  const rules = new Map<string, ConcludedStatement[]>()
  for (const statement of statementsOf(log)) {
    const { ruleId, ruleName, id } = statement.judgement
    addTo(rules, `${ruleId} ${ruleName} ${id}`, statement)
  }
  return rules
}

/** Some statements of each rule, from all over the log. */
function examples(log: RealLog): readonly string[] {
  const lines = [...byRule(log)].sort().flatMap(([rule, statements]) => {
    const step = Math.max(1, Math.floor(statements.length / EXAMPLES))
    const chosen = statements.filter((_, index) => index % step === 0).slice(0, EXAMPLES)
    return [
      `  ${rule}`,
      ...chosen.map(({ judgement }) => `      ${judgement.confidence.toFixed(2)} ${numbersOf(judgement)}`),
    ]
  })
  return ['', `${log.name}, examples:`, ...lines]
}

/** What evidence says without the sessions that it names. It holds no secret. */
function numbersOf({ evidence }: JudgementInLog): string {
  const { session_ids: ids, ...rest } = evidence
  return oneLine(`${JSON.stringify(rest)} sessions named: ${Array.isArray(ids) ? ids.length : 0}`, 300)
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)]
}
