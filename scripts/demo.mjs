// The demonstration: tags the bundled capture, keeps the tags in a SQLite file and prints the summary.
import { spawnSync } from 'node:child_process'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const command = [
  join(root, 'dist', 'cli', 'main.js'),
  'tag',
  relative(process.cwd(), join(root, 'examples', 'cowrie', 'cowrie.json')),
  '--db',
  'sqlite:decnet-ttp-demo.db',
]
const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' })
process.exit(status ?? 1)
