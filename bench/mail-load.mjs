/**
 * Reads and judges mails with the built pipeline and the shipped rules, and parses them bare, in turns; prints as JSON what
 * either took.
 *
 *   node mail-load.mjs MAILS ROUNDS
 */
import PostalMime from 'postal-mime'
import { getTagger, loadRuleset } from '../dist/app.js'
import { EventPipeline } from '../dist/pipeline/event-pipeline.js'
import { findLogFormat } from '../dist/telemetry/formats.js'

const [count, rounds] = process.argv.slice(2).map(Number)
const mails = Array.from({ length: count }, (_, index) => Buffer.from(mail(index)))
const { ruleset } = await loadRuleset()
const pipeline = new EventPipeline({ ruleset, tagger: getTagger({ tagger_type: 'composite' }) })
const format = findLogFormat('eml')

const bare = []
const judged = []
let tags = 0
for (let round = 0; round < rounds; round++) {
  bare.push(await seconds(parse))
  judged.push(await seconds(judge))
}
console.log(JSON.stringify({ mails: count, tags, bare, judged }))

async function parse() {
  for (const bytes of mails) await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer' })
}

async function judge() {
  tags = 0
  for (const bytes of mails) {
    const decoded = format.createDecoder({ sourceKinds: null }).decode(bytes, 0, bytes.length)
    if (decoded.kind !== 'events') throw new Error(`no mail: ${JSON.stringify(decoded)}`)
    for (const event of decoded.events) tags += (await pipeline.tag(event)).length
  }
}

async function seconds(work) {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

/** Every third mail asks for a password; every fifth has a file. */
function mail(index) {
  const asks = index % 3 === 0
  const head = `Received: from mail${index}.example.org (x [203.0.113.${index % 250}])
 by mx.example.net; Fri, 20 Nov 2026 13:${String(index % 60).padStart(2, '0')}:37 +0000
From: ${asks ? 'Service Desk' : 'Ann'} <desk${index}@example.org>
To: someone@example.net
Subject: ${asks ? 'Your mailbox is suspended' : `Minutes of meeting ${index}`}
Date: Fri, 20 Nov 2026 13:00:00 +0000
MIME-Version: 1.0
`
  const words = Array.from({ length: 120 }, (_, at) => `paragraph ${index} ${at} of no interest to anybody`)
  const link = asks ? `<a href="http://203.0.113.9/${index}">Verify your account within 24 hours</a>` : ''
  const html = `<html><body>${words.map((text) => `<p>${text}</p>`).join('\n')}${link}</body></html>`
  const body = `Content-Type: text/html; charset=utf-8\n\n${html}\n`
  if (index % 5 !== 0) return `${head}${body}`
  const content = Buffer.alloc(20_000, `file ${index}`).toString('base64').replaceAll(/.{76}/g, '$&\n')
  return `${head}Content-Type: multipart/mixed; boundary=edge

--edge
${body}
--edge
Content-Type: application/pdf; name="${index}.pdf"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="${index}.pdf"

${content}
--edge--
`
}
