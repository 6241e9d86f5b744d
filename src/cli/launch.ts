#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { constants, Script } from 'node:vm'

// By itself V8 lets the heap grow to several times of what is alive before it looks again; correlation keeps much alive.
setFlagsFromString('--heap-growing-percent=60')

/**
 * Starts the command from its bundle and the code cache that the build made of it: compiling a megabyte of JavaScript
 * takes a third of a start. V8 refuses a cache of another release of its own and compiles then.
 */
const bundle = fileURLToPath(new URL('command.cjs', import.meta.url))
const cache = fileURLToPath(new URL('command.cache', import.meta.url))

const script = new Script(readFileSync(bundle, 'utf8'), {
  filename: bundle,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(existsSync(cache) && { cachedData: readFileSync(cache) }),
})
const run = script.runInThisContext() as (require: NodeJS.Require, filename: string) => void
run(createRequire(bundle), bundle)
