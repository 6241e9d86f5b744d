import { DEEPEST_NESTING, MOST_HEADER_BYTES } from '../../src/mail/mail-limits.js'
import { MAIL_SIGNS } from '../../src/mail/mail-signs.js'
import { code, page, table } from './markdown.js'

/** What becomes of a mail, and the signs that rules weigh. */
export function mailsPage(): string {
  return page(
    '# Mails',
    `The format \`eml\` is a file that is one mail, as RFC 5322 has it: recognised by its headers, or named with
\`--format eml\`; at most 8 MiB. It becomes one event of the kind \`email\`. Its time and address are those of the topmost
\`Received\` header that tells of a host outside; a mail without one is refused, since it belongs to nobody. A mail that is not UTF-8 is kept byte by byte
(\`raw_is_binary\`), so that each part is read in the character set that it names. A mail whose parts are nested deeper than
${DEEPEST_NESTING}, or whose headers have more than ${MOST_HEADER_BYTES >> 10} KiB, becomes an event with a warning: no sign is looked for in it.`,
    '```sh\ndecnet-ttp tag mails/*.eml\n```',
    `The lifter \`email\` reads these signs of it. A rule gives each sign that it looks for a weight: hardly one of them says
anything alone, so it takes several to make a tag. The trap's own recipients and trace headers are left out, and nothing of
the text leaves: evidence names signs, headers, domains of recipients, and hashes.`,
    table(
      ['sign', 'what it says of the mail'],
      Object.entries(MAIL_SIGNS).map(([name, meaning]) => [code(name), meaning]),
    ),
  )
}
