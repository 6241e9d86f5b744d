import { COMBINED_LINE_PARTS, type LinePart } from '../../src/telemetry/combined/line-parts.js'
import { code, page, table } from './markdown.js'

/** What becomes of every part of an access log line. */
export function combinedPage(): string {
  return page(
    '# Access logs',
    `The \`combined\` format is the access log that nginx and Apache write by default: one request a line, in the forms
\`combined\`, \`common\` and \`vhost_combined\`. The format is recognised from the first lines of a file. Each line becomes one
event of the kind \`http_request\` with the outcome \`attempted\`, without session and decky.`,
    table(['nginx', 'Apache', 'becomes', 'meaning'], COMBINED_LINE_PARTS.map(partRow)),
    `What stands behind the user agent is not looked at. A part that the server wrote as \`-\` is left out. The escapes of
both servers (\`\\xHH\`, \`\\"\`, \`\\\\\`, \`\\n\`, …) are undone; bytes that are not UTF-8 become one character each. A line that breaks
off, has another form or no date is refused with its place.`,
    `An access log holds neither the body of a request nor other headers: an attack that is there only cannot be seen in
it. Events of one client, at one time, for one target and with one user agent count as one.`,
  )
}

function partRow({ nginx, apache, becomes, meaning }: LinePart): readonly string[] {
  return [nginx === null ? '' : code(nginx), code(apache), becomes.map(code).join(', ') || '–', meaning]
}
