import { basename, relative } from 'node:path'

/** How this process was called, so that the commands on a page can be copied as they stand. */
export function invocation(): string {
  const script = process.argv[1] ?? ''
  return basename(script) === 'main.js' ? `node ${relative(process.cwd(), script)}` : 'decnet-ttp'
}
