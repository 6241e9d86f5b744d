#!/usr/bin/env node
/**
 * Builds the compact catalogue that src/attack loads.
 *
 *   node scripts/build-attack-facts.mjs CURRENT.json PREVIOUS.json OUTPUT-FOLDER
 *
 * CURRENT and PREVIOUS are fact files of two ATT&CK releases: `{release, licence, source, tactics, techniques}`, and in
 * PREVIOUS also `ics: {tactics, techniques}`. The result is `enterprise-<release>.json` in OUTPUT-FOLDER.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Column order of the Enterprise matrix: the fact files sort by id, which says nothing to a reader. */
const MATRIX_ORDER = [
  'TA0043',
  'TA0042',
  'TA0001',
  'TA0002',
  'TA0003',
  'TA0004',
  'TA0005',
  'TA0112',
  'TA0006',
  'TA0007',
  'TA0008',
  'TA0009',
  'TA0011',
  'TA0010',
  'TA0040',
]

/** The few ICS techniques that honeypots show, and their tactics in the order of the ICS matrix. */
const ICS_TECHNIQUES = ['T0801', 'T0831', 'T0846', 'T0855']
const ICS_TACTICS = ['TA0102', 'TA0100', 'TA0106', 'TA0105']

const [currentFile, previousFile, outputFolder] = process.argv.slice(2)
if (outputFolder === undefined) {
  console.error('usage: build-attack-facts.mjs CURRENT.json PREVIOUS.json OUTPUT-FOLDER')
  process.exit(2)
}

const current = JSON.parse(readFileSync(currentFile, 'utf8'))
const previous = JSON.parse(readFileSync(previousFile, 'utf8'))
const facts = compact(current, previous)
const output = join(outputFolder, `${facts.release}.json`)
writeFileSync(output, render(facts))
console.error(`${output}: ${facts.techniques.length} techniques, ${facts.tactics.length} tactics`)

function compact(current, previous) {
  const ics = previous.ics.techniques.filter(({ id }) => ICS_TECHNIQUES.includes(id))
  const techniques = [...current.techniques, ...ics].sort((a, b) => (a.id < b.id ? -1 : 1))
  const tactics = [
    ...pick(current.tactics, MATRIX_ORDER, 'enterprise'),
    ...pick(previous.ics.tactics, ICS_TACTICS, 'ics'),
  ]
  const platforms = [...new Set(techniques.flatMap((technique) => technique.platforms))].filter(isPlatform).sort()
  return {
    licence: current.licence,
    source: current.source,
    release: `enterprise-${current.release}`,
    technique_columns: ['id', 'name', 'tactic indexes', 'platform indexes', 'status', 'revoked by'],
    platforms,
    tactics,
    techniques: techniques.map((technique) => row(technique, tactics, platforms)),
    earlier: differences(current, previous),
  }
}

function pick(tactics, order, domain) {
  return order.map((wanted) => {
    const { id, shortname, name } = tactics.find(({ id }) => id === wanted)
    return { id, shortname, name, domain }
  })
}

function isPlatform(name) {
  return name !== 'None'
}

function row(technique, tactics, platforms) {
  const tacticIndexes = technique.tactics
    .map((id) => tactics.findIndex((tactic) => tactic.id === id))
    .sort((a, b) => a - b)
  const platformIndexes = technique.platforms
    .filter(isPlatform)
    .map((name) => platforms.indexOf(name))
    .sort((a, b) => a - b)
  if (tacticIndexes.includes(-1)) throw new Error(`${technique.id} names a tactic that the release does not have`)
  const common = [technique.id, technique.name, tacticIndexes, platformIndexes]
  if (technique.revoked) return [...common, 'revoked', lastSuccessor(technique)]
  return technique.deprecated ? [...common, 'deprecated'] : common
}

/** Follows `revoked_by` to its end; null if the chain is broken or ends in an id that is itself retired. */
function lastSuccessor(technique) {
  const byId = new Map(current.techniques.map((entry) => [entry.id, entry]))
  let next = technique
  for (let hops = 0; next?.revoked && hops < 10; hops++) next = byId.get(next.revoked_by)
  return next === undefined || next.revoked || next.deprecated ? null : next.id
}

/** What translation from the previous release needs: ids that it did not have yet, and tactics that have changed since. */
function differences(current, previous) {
  const before = new Map(previous.techniques.map((technique) => [technique.id, technique]))
  const sameTactics = (a, b) => [...a.tactics].sort().join() === [...b.tactics].sort().join()
  const changed = current.techniques.filter(({ id, ...rest }) => before.has(id) && !sameTactics(before.get(id), rest))
  return {
    release: `enterprise-${previous.release}`,
    absent: current.techniques.filter(({ id }) => !before.has(id)).map(({ id }) => id),
    tactics: Object.fromEntries(changed.map(({ id }) => [id, [...before.get(id).tactics].sort()])),
  }
}

/** One technique a line: a new release then reads as a diff. */
function render({ platforms, tactics, techniques, ...rest }) {
  const { earlier, ...head } = rest
  const lines = (values) => values.map((value) => `    ${JSON.stringify(value)}`).join(',\n')
  const opening = JSON.stringify(head, null, 2).slice(0, -2)
  return `${opening},
  "platforms": ${JSON.stringify(platforms)},
  "tactics": [\n${lines(tactics)}\n  ],
  "techniques": [\n${lines(techniques)}\n  ],
  "earlier": ${JSON.stringify(earlier)}
}
`
}
