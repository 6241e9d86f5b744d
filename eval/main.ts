import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { getTagger, openPipeline } from '../src/app.js'
import { loadConfig } from '../src/config/config.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { allEnabled } from '../test/support/all-enabled.js'
import { findDataFolders } from './data-folders.js'
import { Judge } from './judge.js'
import { type Aim, type Measure, type MeasureResult, meetsAim, type Reading } from './measure.js'
import { atomic } from './measures/atomic.js'
import { benignCommands } from './measures/benign-commands.js'
import { benignRequests } from './measures/benign-requests.js'
import { calibration } from './measures/calibration.js'
import { capture } from './measures/capture.js'
import { captureLogins } from './measures/capture-logins.js'
import { cowrieLogins } from './measures/cowrie-logins.js'
import { labelledSessions } from './measures/labelled-sessions.js'
import { mail } from './measures/mail.js'
import { observedCommands } from './measures/observed-commands.js'
import { observedDockerRequests, observedDshieldRequests } from './measures/observed-requests.js'
import { webAttacks } from './measures/web-attacks.js'
import { webProbes } from './measures/web-probes.js'
import { renderTable } from './table.js'

/**
 * Measures a rule pack against labelled data.
 *
 *   npm run eval -- [--only NAME]… [--rules FOLDER] [--details] [--json]
 */

const MEASURES: readonly Measure[] = [
  capture,
  captureLogins,
  calibration,
  atomic,
  labelledSessions,
  observedCommands,
  cowrieLogins,
  benignCommands,
  webAttacks,
  benignRequests,
  webProbes,
  observedDockerRequests,
  observedDshieldRequests,
  mail,
]

interface Measured extends MeasureResult {
  readonly name: string
  readonly seconds: number
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rules: { type: 'string' },
    details: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

await main()

async function main(): Promise<void> {
  const started = performance.now()
  const chosen = chooseMeasures(options.only)
  const config = loadConfig({ flags: { rules_dir: options.rules }, environment: {} })
  const { compilation } = await openPipeline(config)
  // What the rules can tell is measured, not what logs can feed them: the labelled requests have what no log format gives,
  // so rules that are disabled for want of it are asked like all others.
  const pipeline = new EventPipeline({ ruleset: allEnabled(compilation.ruleset), tagger: getTagger(config) })
  const refused = compilation.issues.filter(({ severity }) => severity === 'error').length
  const folders = findDataFolders()
  const judge = new Judge(pipeline)
  const measured: Measured[] = []
  const missing: string[] = []
  for (const measure of chosen) {
    const folder = folders[measure.folder]
    const file = folder === null ? null : join(folder, measure.file)
    if (file === null || !existsSync(file)) missing.push(`${measure.name}: ${measure.folder}/${measure.file}`)
    else measured.push(await runMeasure(measure, file, judge))
  }
  const seconds = elapsedSeconds(started)
  if (options.json)
    console.log(JSON.stringify({ rules: pipeline.ruleset.rules.size, refused, missing, seconds, measured }, null, 2))
  else print({ rules: pipeline.ruleset.rules.size, refused, missing, seconds, measured })
}

function chooseMeasures(names: readonly string[] | undefined): readonly Measure[] {
  const unknown = names?.filter((name) => !MEASURES.some((measure) => measure.name === name)) ?? []
  if (unknown.length === 0) return MEASURES.filter(({ name }) => names?.includes(name) ?? true)
  console.error(`unknown measure ${unknown.join(', ')}. There are: ${MEASURES.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

async function runMeasure(measure: Measure, file: string, judge: Judge): Promise<Measured> {
  const started = performance.now()
  const result = await measure.run(file, judge)
  return { name: measure.name, ...result, seconds: elapsedSeconds(started) }
}

function elapsedSeconds(started: number): number {
  return Math.round((performance.now() - started) / 10) / 100
}

interface Report {
  readonly rules: number
  readonly refused: number
  readonly missing: readonly string[]
  readonly seconds: number
  readonly measured: readonly Measured[]
}

function print({ rules, refused, missing, seconds, measured }: Report): void {
  if (options.details) for (const { name, details } of measured) console.log(`\n== ${name}\n${details.join('\n')}`)
  const rows = measured.flatMap(({ name, readings }) => readings.map((reading) => readingRow(name, reading)))
  if (rows.length > 0) {
    console.log(`\n${renderTable(['measure', 'what', '>aim', '>measured', 'result', 'rests on'], rows)}`)
  }
  console.log(
    `\n${rules} rules${refused === 0 ? '' : `; ${refused} errors in rule files (decnet-ttp rules validate)`}; ${seconds} s`,
  )
  if (missing.length > 0)
    console.log(`Not measured, the data is not here:\n${missing.map((entry) => `  ${entry}`).join('\n')}`)
}

function readingRow(name: string, reading: Reading): readonly string[] {
  const verdict = meetsAim(reading)
  const result = verdict === null ? 'info' : verdict ? 'pass' : 'MISS'
  return [
    name,
    reading.what,
    aimText(reading.aim, reading.unit),
    valueText(reading.value, reading.unit),
    result,
    reading.basis,
  ]
}

function aimText(aim: Aim | null, unit: Reading['unit']): string {
  if (aim === null) return ''
  return 'atLeast' in aim ? `>= ${valueText(aim.atLeast, unit)}` : `<= ${valueText(aim.atMost, unit)}`
}

function valueText(value: number | null, unit: Reading['unit']): string {
  if (value === null) return '-'
  return unit === 'share' ? `${(value * 100).toFixed(1)} %` : value.toFixed(2)
}
