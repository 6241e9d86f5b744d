import { join } from 'node:path'
import { openPipeline } from '../../src/app.js'
import { attackCatalogue } from '../../src/attack/attack-catalogue.js'
import type { TagOutput } from '../../src/cli/tag/outputs/tag-output.js'
import { runTag } from '../../src/cli/tag/run-tag.js'
import { loadConfig } from '../../src/config/config.js'
import { FILE_CORRELATION } from '../../src/correlation/correlation-options.js'
import { Correlator } from '../../src/correlation/correlator.js'
import { renderSummary } from '../../src/exports/summary/render-summary.js'
import { TagSummary } from '../../src/exports/summary/tag-summary.js'
import type { EventPipeline } from '../../src/pipeline/event-pipeline.js'
import { DEFAULT_MIN_CONFIDENCE } from '../../src/tagging/confidence.js'
import type { LogSource } from './log-sources.js'
import { codeBlock, table } from './markdown.js'

/** As the command has it where no terminal tells another one. */
const WIDTH = 120
/** Lines of a page that are shown. */
const SHOWN_LINES = 24

/** The same pages with where their logs are, and what comes of a log of each. */
export async function withExamples(
  pages: Readonly<Record<string, string>>,
  sources: readonly LogSource[],
  root: string,
): Promise<Readonly<Record<string, string>>> {
  const { pipeline } = await openPipeline(loadConfig({ environment: {}, directory: root }))
  const extended = { ...pages }
  for (const source of sources) {
    const outputs: string[] = []
    for (const example of source.examples) {
      outputs.push(codeBlock('text', `$ decnet-ttp tag ${example}\n${await outputOf(pipeline, root, example)}`))
    }
    const places = ['## Where the log is', table(['of', 'is'], source.places)]
    const [generated, title, introduction, ...rest] = pages[source.page]!.split('\n\n')
    const heading = rest[0]?.startsWith('## ') ? [] : ['## What becomes of it']
    const added = [...places, '## Try it', ...outputs, ...heading]
    extended[source.page] = [generated, title, introduction, ...added, ...rest].join('\n\n')
  }
  return extended
}

/** The techniques that the command's page names, as it prints them. */
async function outputOf(pipeline: EventPipeline, root: string, example: string): Promise<string> {
  const summary = new TagSummary()
  const output: TagOutput = {
    sourceKinds: null,
    take: (event, tags) =>
      summary.addTags(
        event,
        tags.filter(({ confidence }) => confidence >= DEFAULT_MIN_CONFIDENCE),
      ),
    async flush() {},
    async finish({ lines }) {
      summary.lines.lineCount = lines
    },
  }
  const { lines } = await runTag([join(root, example)], {
    pipeline,
    outputs: [output],
    correlator: new Correlator({ options: FILE_CORRELATION }),
    concludes: true,
    format: null,
    strict: false,
    tellsLines: true,
    allKinds: false,
    signal: new AbortController().signal,
  })
  if (lines === 0) throw new Error(`${example} has no lines`)
  const page = renderSummary(summary, {
    width: WIDTH,
    colour: false,
    catalogue: attackCatalogue(),
    elapsedMilliseconds: 1000,
    minConfidence: DEFAULT_MIN_CONFIDENCE,
  })
  return headOf(page)
}

/** The page up to the end of its techniques, without the time that the run took. */
function headOf(page: string): string {
  const all = page.replace(/ in 1\.0 s \([^)]*\)/, '').split('\n')
  const techniques = all.findIndex((line) => line.startsWith('Techniques'))
  const end = all.indexOf('', techniques)
  const shown = all.slice(0, end)
  return (shown.length > SHOWN_LINES ? [...shown.slice(0, SHOWN_LINES), '  …'] : shown).join('\n')
}
