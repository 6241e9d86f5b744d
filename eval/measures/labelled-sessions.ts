import { type LabelledSession, readRecords } from '../corpora.js'
import { type Judge, type Judgement, shown } from '../judge.js'
import { addTo, type Measure, mean, share } from '../measure.js'
import { oneLine, renderTable } from '../table.js'

/** The labels' tactics and their ids; release 19 split Defense Evasion in two. */
const TACTICS: Readonly<Record<string, readonly string[]>> = {
  Execution: ['TA0002'],
  Persistence: ['TA0003'],
  'Privilege Escalation': ['TA0004'],
  'Defense Evasion': ['TA0005', 'TA0112'],
  'Credential Access': ['TA0006'],
  Discovery: ['TA0007'],
  'Lateral Movement': ['TA0008'],
  Collection: ['TA0009'],
  'Command and Control': ['TA0011'],
  Exfiltration: ['TA0010'],
  Impact: ['TA0040'],
}

interface JudgedSession {
  readonly session: LabelledSession
  readonly byTactic: ReadonlyMap<string, readonly { readonly statement: string; readonly judgement: Judgement }[]>
}

interface TacticScore {
  readonly tactic: string
  readonly missed: readonly JudgedSession[]
  readonly wrong: readonly JudgedSession[]
  readonly right: number
}

/** Tactics of whole sessions against those that experts gave their statements. */
export const labelledSessions: Measure = {
  name: 'sessions',
  folder: 'corpus',
  file: 'labelled_sessions.jsonl',
  async run(file, judge) {
    const judged: JudgedSession[] = []
    for (const session of readRecords<LabelledSession>(file)) judged.push(await judgeSession(session, judge))
    const labels = new Set(judged.flatMap(({ session }) => session.tactics))
    const scores = Object.keys(TACTICS)
      .filter((tactic) => labels.has(tactic))
      .map((tactic) => scoreOf(tactic, judged))
    const basis = `${scores.length} tactics, ${judged.length} sessions`
    return {
      readings: [
        {
          what: 'macro recall of tactics',
          value: mean(scores.map(recallOf)),
          unit: 'share',
          aim: { atLeast: 0.85 },
          basis,
        },
        {
          what: 'macro precision of tactics',
          value: mean(scores.map(precisionOf)),
          unit: 'share',
          aim: { atLeast: 0.75 },
          basis,
        },
      ],
      details: [scoreTable(scores), ...scores.flatMap(scoreDetails)],
    }
  },
}

async function judgeSession(session: LabelledSession, judge: Judge): Promise<JudgedSession> {
  const byTactic = new Map<string, { statement: string; judgement: Judgement }[]>()
  for (const statement of session.session.replace(/ ;\s*$/, '').split(' ; ')) {
    for (const judgement of shown(await judge.command(statement))) {
      for (const [tactic, ids] of Object.entries(TACTICS)) {
        if (ids.includes(judgement.tactic)) addTo(byTactic, tactic, { statement, judgement })
      }
    }
  }
  return { session, byTactic }
}

function scoreOf(tactic: string, sessions: readonly JudgedSession[]): TacticScore {
  const labelled = sessions.filter(({ session }) => session.tactics.includes(tactic))
  const missed = labelled.filter(({ byTactic }) => !byTactic.has(tactic))
  const wrong = sessions.filter(({ session, byTactic }) => byTactic.has(tactic) && !session.tactics.includes(tactic))
  return { tactic, missed, wrong, right: labelled.length - missed.length }
}

function recallOf({ right, missed }: TacticScore): number | null {
  return share(right, right + missed.length)
}

function precisionOf({ right, wrong }: TacticScore): number | null {
  return share(right, right + wrong.length)
}

function scoreTable(scores: readonly TacticScore[]): string {
  const rows = scores.map((score) => [
    score.tactic,
    `${score.right + score.missed.length}`,
    recallOf(score)?.toFixed(2) ?? '-',
    precisionOf(score)?.toFixed(2) ?? '-',
  ])
  return renderTable(['tactic', '>sessions', '>recall', '>precision'], rows)
}

function scoreDetails({ tactic, missed, wrong }: TacticScore): readonly string[] {
  const rules = new Map<string, string[]>()
  for (const { byTactic } of wrong) {
    const firstPerRule = new Map(
      byTactic
        .get(tactic)!
        .map((entry) => [entry.judgement.ruleId, entry] as const)
        .reverse(),
    )
    for (const { statement, judgement } of firstPerRule.values()) {
      addTo(rules, `${judgement.ruleId} ${judgement.ruleName} ${judgement.id}`, statement)
    }
  }
  const busiest = [...rules].sort((a, b) => b[1].length - a[1].length)
  return [
    '',
    `${tactic} missed:`,
    ...missed.map(({ session }) => `  ${session.id}  ${oneLine(session.session, 300)}`),
    `${tactic} tagged but not labelled, by rule:`,
    ...busiest.map(
      ([rule, statements]) => `  ${rule}: ${statements.length} sessions, e.g. ${oneLine(statements[0]!, 120)}`,
    ),
  ]
}
