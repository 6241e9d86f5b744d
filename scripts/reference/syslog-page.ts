import { logFormats } from '../../src/telemetry/formats.js'
import { code, page, table } from './markdown.js'

/** How lines are read that came by syslog. */
export function syslogPage(): string {
  const inside = logFormats.filter(
    ({ name, privileged, readsWholeSource }) => !privileged && readsWholeSource !== true && name !== 'syslog',
  )
  return page(
    '# Syslog',
    `The \`syslog\` format is a file of syslog whose messages are lines of another format: ${inside.map(({ name }) => code(name)).join(', ')}.
The format is recognised from the first lines of a file. Each message is read as if its line stood alone, so address, time
and session are those of the message and not those of the header.`,
    table(
      ['header', 'form'],
      [
        ['RFC 5424', '`<PRI>1 TIME HOST APP PROCID MSGID SD MESSAGE`; the structured data `SD` is `-` or `[…]`'],
        ['RFC 3164', '`Mmm dd hh:mm:ss HOST TAG[PID]: MESSAGE`, with or without `<PRI>`'],
      ],
    ),
    `A message belongs to the format that recognises it as a whole: text that somebody typed into a message cannot change that,
and \`events\` are never taken out of syslog. Messages of no known format are counted. A line without a header, or whose JSON
breaks off, is refused; its column counts from the begin of the whole line.`,
  )
}
