import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MailSign } from './mail-signs.js'
import { readMail } from './read-mail.js'

const HEAD = 'From: Ann <ann@example.org>\nTo: someone@example.net\n'

const signsOf = async (raw: string): Promise<readonly MailSign[]> => [...(await readMail(raw))!.signs]
const html = (body: string) => `${HEAD}Content-Type: text/html; charset=utf-8\n\n${body}`
const link = (target: string, shown = 'here') => html(`<a href="${target}">${shown}</a>`)

function withFile(name: string, content: Buffer | string, type = 'application/octet-stream'): string {
  const encoded = Buffer.from(content).toString('base64')
  return `${HEAD}Content-Type: multipart/mixed; boundary=edge\n\n--edge\nContent-Type: ${type}; name="${name}"
Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${name}"\n\n${encoded}\n--edge--\n`
}

const ZIP = Buffer.concat([Buffer.from('504b030414000000', 'hex'), Buffer.alloc(22)])
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/** A sign, a mail that has it, and one that nearly has. */
const CASES: readonly (readonly [MailSign, string, string])[] = [
  ['return_path_differs', `Return-Path: <x@example.com>\n${HEAD}\nx`, `Return-Path: <x@mail.example.org>\n${HEAD}\nx`],
  ['reply_to_free_mail', `Reply-To: a@gmail.com\n${HEAD}\nx`, `Reply-To: a@example.org\n${HEAD}\nx`],
  [
    'dmarc_fail',
    `Authentication-Results: mx; dmarc=fail\n${HEAD}\nx`,
    `Authentication-Results: mx; dmarc=none\n${HEAD}\nx`,
  ],
  ['spf_fail', `Received-SPF: SoftFail (x)\n${HEAD}\nx`, `Received-SPF: None (no fail)\n${HEAD}\nx`],
  ['name_holds_address', 'From: "a@example.net" <b@example.com>\n\nx', 'From: "a@example.com" <b@example.com>\n\nx'],
  ['brand_in_sender_name', 'From: PayP\u00e1l <b@example.com>\n\nx', 'From: PayPal <b@mail.paypal.com>\n\nx'],
  ['malformed_sender', 'From: Correios <a@correios>\n\nx', `${HEAD}\nx`],
  [
    'link_shown_differs',
    link('https://example.com/', 'https://example.org/x'),
    link('https://a.example.org/', 'example.org'),
  ],
  ['link_international', link('https://ex\u0430mple.com/'), link('https://example.com/\u0430')],
  ['link_look_alike', link('https://micr0soft-login.example.com/'), link('https://login.microsoft.com/')],
  ['link_raw_address', link('http://0xcb007109/'), link('http://203.example.com/')],
  ['link_shortener', link('https://bit.ly/x'), link('https://habit.ly/x')],
  ['link_shared_host', link('https://x.web.app/'), link('https://web.app.example.com/')],
  ['link_redirect', link('https://example.com/?u=https%3A%2F%2Fexample.net'), link('https://example.com/?u=https')],
  ['link_user_info', link('https://www.example.org@example.com/'), link('https://example.com/@www.example.org')],
  ['link_data', link('data:text/html;base64,eA=='), link('https://example.com/data:')],
  ['link_names_recipient', link('https://example.com/#someone@example.net'), link('https://example.com/#someone')],
  ['link_in_picture', html('<a href="https://x.example.com"><img src="a.png"></a>'), html('<img src="a.png">')],
  ['password_form', html('<form><input type=password></form>'), html('<form><input type=text></form>')],
  ['hidden_text', html('<p style="display:none">x</p>'), html('<p style="display:block">x</p>')],
  ['disguised_letters', `${HEAD}\nver\u200bify`, `${HEAD}\n\u0434\u0430 yes`],
  ['unfilled_template', `${HEAD}\nDear [username]`, `${HEAD}\nDear [sic]`],
  ['credential_request', html('Please ver&#105;fy <b>your</b> account'), `${HEAD}\nThe account is closed`],
  ['encoded_block', `${HEAD}\n${'QUJD'.repeat(200)}`, `${HEAD}\n${'QUJD'.repeat(20)}`],
  [
    'macro',
    withFile('a.docm', Buffer.concat([ZIP, Buffer.from('[Content_Types].xml word/vbaProject.bin')])),
    withFile('a.docx', Buffer.concat([ZIP, Buffer.from('[Content_Types].xml')])),
  ],
  ['macro', withFile('a.doc', Buffer.concat([OLE, Buffer.from('_VBA_PROJECT', 'utf16le')])), withFile('a.doc', OLE)],
  [
    'encrypted_archive',
    withFile('a.zip', Buffer.concat([Buffer.from('504b030414000100', 'hex'), Buffer.alloc(22)])),
    withFile('a.zip', ZIP),
  ],
  [
    'html_smuggling',
    withFile('a.html', '<html><script>new Blob([atob("eA==")])</script>'),
    withFile('a.html', '<html><script>alert(1)</script>'),
  ],
  ['svg_script', withFile('a.svg', '<svg onload=alert(1)>'), withFile('a.svg', '<svg><path/></svg>')],
  ['disk_image', withFile('a.iso', 'x'), withFile('iso.txt', 'x')],
  ['shortcut', withFile('a', Buffer.from('4c0000000114020000000000c000000000000046', 'hex')), withFile('a', 'L')],
  ['executable_disguised', withFile('a.pdf', 'MZ\x90'), withFile('a.exe', 'MZ\x90')],
  ['double_extension', withFile('a.pdf.js', 'x'), withFile('a.v2.pdf', 'x')],
]

describe('readMail', () => {
  it.each(CASES)('sees %s, and not in what is near to it', async (sign, shows, near) => {
    expect(await signsOf(shows)).toContain(sign)
    expect(await signsOf(near)).not.toContain(sign)
  })

  it('counts recipients by domain, those that the trap delivered to left out', async () => {
    const domains = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example`)
    const to = [...domains, 'trap.example'].map((domain) => `x@${domain}`).join(', ')
    const reading = await readMail(`Delivered-To: x@trap.example\nFrom: a@example.org\nTo: ${to}\n\nx`)
    expect(reading).toMatchObject({ recipientCount: 6, recipientDomains: domains })
    expect((await readMail(`${HEAD}\nx`))!.recipientDomains).toEqual([])
    const envelope = domains.map((domain) => `x@${domain}`)
    expect((await readMail(`${HEAD}\nx`, { envelope }))!.signs).toContain('many_recipient_domains')
  })

  it('names well-known headers only: a name may hold anything', async () => {
    const reading = await readMail(`X-Canary-Name: x\nDelivered-To: a@trap.example\n${HEAD}\nx`)
    expect(reading!.headerNames).toEqual(['from', 'to'])
  })

  it('is bounded on hostile mail', async () => {
    const deep = Array.from({ length: 5000 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}`)
    const hostile = [
      deep.join('\n'),
      `${'X: y\n'.repeat(300_000)}\n`,
      html('<a href="'.repeat(50_000)),
      html('<style>'.repeat(50_000)),
      html('<a '.repeat(100_000)),
      html(`<a href="https://e.example/?${'?https:'.repeat(10_000)}">`.repeat(50)),
      `${HEAD}\n${'account '.repeat(60_000)}`,
      `${HEAD}\n${'https://x.example '.repeat(30_000)}`,
      `From: ${'"<,'.repeat(20_000)}\n\nx`,
      withFile(`${'.pdf '.repeat(10_000)}`, 'x'),
      'x'.repeat(9 << 20),
    ]
    for (const raw of hostile) {
      const started = performance.now()
      await readMail(raw)
      expect(performance.now() - started, raw.slice(0, 60)).toBeLessThan(3000)
    }
  })

  it('never rejects, whatever the text', async () => {
    const piece = fc.constantFrom(...CASES.flatMap(([, shows]) => shows.split(/(?<=[\n<>;:=])/)), '\0', '\ud800', '--')
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        await expect(readMail(pieces.join(''))).resolves.not.toBeUndefined()
      }),
    )
  })
})
