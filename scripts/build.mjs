// Builds dist/ from scratch, so that no file of a deleted source is left to be packed: the library as modules with types,
// the command as one bundle, since resolving hundreds of modules would take a quarter of its start.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

rmSync(join(dist, 'cli'), { recursive: true })
await build({
  entryPoints: [join(root, 'src', 'cli', 'main.ts')],
  outdir: join(dist, 'cli'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  external: ['better-sqlite3', 'pg', 're2', 'yaml'],
  // Dependencies in the older module format ask for `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
})
chmodSync(join(dist, 'cli', 'main.js'), 0o755)
