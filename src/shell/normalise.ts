import type { CommandViews, Segment } from './command-views.js'
import { containerCommand } from './container-request.js'
import { DEFAULT_LIMITS, type NormaliserLimits } from './limits.js'
import { Reading, type Scope } from './reading.js'
import { ScriptReader } from './script-reader.js'

/** The head of a JSON object; a shell test such as `[ "$x" = y ]` or a group such as `{ "ls"; }` is none. */
const JSON_OBJECT = /^\s{0,16}\{\s{0,16}"[^"\\]{1,64}"\s{0,16}:/

/**
 * Takes the disguise off a typed command line without running anything: finds its simple commands, folds wrappers away,
 * resolves what can be known of its words, and decodes the texts hidden inside.
 *
 * Pure, never throws, and bounded by `limits` whatever was typed; the same text always gives the same views.
 */
export function normaliseCommand(text: string, limits: NormaliserLimits = DEFAULT_LIMITS): CommandViews {
  const reading = new Reading(limits)
  const typed = reading.spendView(cutMiddle(text, limits.inputCharacters))
  if (typed.length < text.length) reading.truncated = true
  const scope: Scope = { source: typed, offset: 0, decodedIndex: null, encodings: [], depth: 0, level: 0, fixed: null }
  const scripts = new ScriptReader(reading)
  const isData = JSON_OBJECT.test(typed)
  if (!isData) scripts.readText(typed, scope)
  else for (const words of containerCommand(typed)) scripts.readWords(words, scope)
  scripts.hiddenTexts.scanAll(scope)
  const plain = isData ? typed : reading.spendView(plainLine(typed, reading.segments, reading.levels))
  return {
    typed,
    plain,
    segments: reading.segments,
    decoded: reading.decoded,
    obfuscation: [...reading.obfuscation],
    truncated: reading.truncated,
  }
}

/** Keeps the head and a third as much of the tail, with a line end between them. */
function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.floor(most / 4)
  return `${text.slice(0, most - tail - 1)}\n${text.slice(text.length - tail)}`
}

/** The line with the text of each typed command in place of what was typed, and white space between them folded. */
function plainLine(typed: string, segments: readonly Segment[], levels: readonly number[]): string {
  let plain = ''
  let end = 0
  for (const segment of segments) {
    if (segment.decodedIndex !== null || levels[segment.index] !== 0 || segment.start < end) continue
    plain += foldSpace(typed.slice(end, segment.start)) + segment.text
    end = segment.end
  }
  plain += foldSpace(typed.slice(end))
  return plain === typed ? typed : plain.trim()
}

function foldSpace(gap: string): string {
  return gap.length < 2 ? gap : gap.replace(/[ \t]+/g, ' ')
}
