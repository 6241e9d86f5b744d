import { spawnSync } from 'node:child_process'

/** JSON text as the project's formatter writes it, so that a generated file passes its check. */
export function formatJson(path: string, value: unknown): string {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--no-install', 'biome', 'format', `--stdin-file-path=${path}`],
    {
      input: JSON.stringify(value, null, 2),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  )
  if (status !== 0) throw new Error(`biome could not format ${path}: ${stderr}`)
  return stdout
}
