import { T_POT_FILES, type TPotFile } from '../../src/telemetry/t-pot/t-pot-files.js'
import { code, codeBlock, page, table } from './markdown.js'

/** What becomes of the files below T-Pot's data folder. */
export function tPotPage(): string {
  const read = T_POT_FILES.filter(({ format }) => format !== null)
  const unread = T_POT_FILES.filter(({ format }) => format === null)
  return page(
    '# T-Pot',
    `Give the data folder of T-Pot, or any folder of one of its programs, and each log is read with the right decoder:`,
    codeBlock('sh', 'decnet-ttp tag /data\ndecnet-ttp tag /data --follow --state tags.state --db sqlite:tags.db'),
    `A folder is taken for T-Pot's where at least three of its programs have folders side by side. Rotated and packed files
(\`cowrie.json.1.gz\`) are read like the log that they were rotated from. What attackers brought (\`downloads\`, \`binaries\`,
\`tty\` and the like, files named by a hash) is never read as a log, whatever it looks like; nor are archives (\`.tgz\`).
[Follow logs](../guides/follow-logs.md) tells of folders in general.`,
    '## Read',
    table(
      ['program', 'file', 'format'],
      read.map(({ program, path, format }) => [program, code(path), code(format!)]),
    ),
    '## Not read',
    `Files without a decoder are recognised by their contents if these fit a format after all; else each program is told once, and
its files are passed over. Turn their lines into \`events\` and name \`--format events\` to have them tagged.`,
    table(
      ['program', 'file', 'why'],
      unread.map((file) => [file.program, code(file.path), why(file)]),
    ),
  )
}

function why({ because = 'no decoder for it' }: TPotFile): string {
  return because
}
