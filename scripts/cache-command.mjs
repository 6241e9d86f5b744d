// Runs the built command once on the example and keeps V8's compiled code of what ran, for the launcher to start from.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { constants, Script } from 'node:vm'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const bundle = at('../dist/cli/command.cjs')

const script = new Script(readFileSync(bundle, 'utf8'), {
  filename: bundle,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
process.argv.splice(2, Infinity, 'tag', at('../examples/cowrie/cowrie.json'), '--output', 'jsonl')
// What the command prints is not wanted here, only that it ran.
process.stdout.write = (_chunk, ...rest) => {
  rest.find((argument) => typeof argument === 'function')?.()
  return true
}
process.on('exit', () => writeFileSync(at('../dist/cli/command.cache'), script.createCachedData()))
script.runInThisContext()(createRequire(bundle), bundle)
