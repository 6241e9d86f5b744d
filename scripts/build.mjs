// Builds dist/ from scratch, so that no file of a deleted source is left to be packed: the library as modules with types;
// the command as one bundle with its code cache, since resolving and compiling hundreds of modules would take most of its
// start; and the shipped rules as checked documents, since reading them would take much of the rest.
import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })

runNode(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json')

rmSync(join(dist, 'cli'), { recursive: true })
const toNode = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' }
await build({
  ...toNode,
  entryPoints: [join(root, 'src', 'cli', 'main.ts')],
  outfile: join(dist, 'cli', 'command.cjs'),
  format: 'cjs',
  // Native, or needed by few commands: the bundle is what every start reads.
  external: [
    '@nats-io/*',
    '@opentelemetry/exporter-*',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-*',
    'better-sqlite3',
    'fastify',
    'pg',
    'pino',
    're2',
    'yaml',
  ],
  // One function, which the launcher calls.
  banner: { js: '(function (require, __filename) {' },
  footer: { js: '})' },
  define: { 'import.meta.url': 'bundleUrl' },
  inject: [join(root, 'scripts', 'bundle-url.mjs')],
})
await build({
  ...toNode,
  entryPoints: [join(root, 'src', 'cli', 'launch.ts')],
  outfile: join(dist, 'cli', 'main.js'),
  format: 'esm',
})
chmodSync(join(dist, 'cli', 'main.js'), 0o755)

runNode(join('node_modules', 'tsx', 'dist', 'cli.mjs'), join('scripts', 'check-shipped-rules.ts'))
runNode(join('scripts', 'cache-command.mjs'))

function runNode(...command) {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
