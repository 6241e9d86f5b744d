import { MAIL_SIGNS } from '../../src/mail/mail-signs.js'
import { code, page, table } from './markdown.js'

/** What becomes of a mail, and the signs that rules weigh. */
export function mailsPage(): string {
  return page(
    '# Mails',
    `The format \`eml\` is a file that is one mail, as RFC 5322 has it; \`mbox\` is a mailbox file, many mails in one, as
INetSim, Postfix and others keep it. Both are recognised by how they begin, or named with \`--format\`. A mail has at most
8 MiB and becomes one event of the kind \`email\`.`,
    table(
      ['of an event', 'is'],
      [
        [
          '`source_ip`',
          'The address in the name of a file as Mailoney 2 keeps it (`DATE/ADDRESS/ID.eml`); else that in `X-Peer`, where a mail server in Python (smtpd, aiosmtpd) noted it beside `X-MailFrom` and `X-RcptTo`; else that in the topmost `Received` header that tells of a host outside.',
        ],
        [
          '`observed_at`',
          'Of that `Received` header; else of the `From ` line of the mailbox; else of the `Date` header; else the day in the name of the file.',
        ],
        ['`mail_from`', '`Return-Path`, else `X-MailFrom`, else the `From ` line.'],
        ['`recipients`', '`X-RcptTo`, or `X-INetSim-RCPT`.'],
        ['`raw`', 'The mail, for rules; it goes nowhere else.'],
      ],
    ),
    `A mail that tells no address is refused, since it belongs to nobody. Lines in a mail that look like the beginning of
another one are told from it only where the mailbox quotes them (\`>From \`), as it should.`,
    `The lifter \`email\` reads these signs of it. A rule gives each sign that it looks for a weight: hardly one of them says
anything alone, so it takes several to make a tag. The trap's own recipients and trace headers are left out, and nothing of
the text leaves: evidence names signs, headers, domains of recipients, and hashes.`,
    table(
      ['sign', 'what it says of the mail'],
      Object.entries(MAIL_SIGNS).map(([name, meaning]) => [code(name), meaning]),
    ),
  )
}
