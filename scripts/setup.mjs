// Makes a fresh checkout ready: installs the locked dependencies if they are missing or older than the lock file.
// Plain Node without dependencies, since it runs before there are any.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stampFile = join(root, 'node_modules', '.decnet-ttp-setup')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`decnet-ttp needs Node.js 20.19 or newer; this is ${process.version}.`)
  process.exit(2)
}

const stamp = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.versions.modules)
  .digest('hex')

if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) process.exit(0)

console.error('Installing dependencies. The native modules (re2, better-sqlite3) take about two minutes to compile')
console.error('the first time where no prebuilt binary fits this machine; later starts skip this step.')
const started = Date.now()
const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: process.platform === 'win32',
})
if (install.status !== 0) {
  console.error('`npm ci` failed. Compiling needs a C++ compiler, make and python3 (Debian: build-essential python3).')
  process.exit(install.status ?? 1)
}
writeFileSync(stampFile, stamp)
console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
