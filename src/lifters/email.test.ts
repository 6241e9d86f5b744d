import { describe, expect, it } from 'vitest'
import { testContext, testEvent } from '../../test/support/tagging.js'
import type { Emission } from '../rules/compiled-rule.js'
import { email } from './email.js'

/** Stands in all that a mail says, and must never come out again. */
const CANARY = 'kanarienvogel'
const HEADERS = `From: ${CANARY} <${CANARY}@example.org>
To: ${CANARY}@example.net
X-${CANARY}: ${CANARY}
Reply-To: ${CANARY}@gmail.com
Subject: Verify your account, ${CANARY}
`
const RAW = `${HEADERS}Content-Type: multipart/mixed; boundary=edge

--edge
Content-Type: text/html

<a href="https://bit.ly/${CANARY}">${CANARY}</a>
--edge
Content-Type: application/${CANARY}; name="${CANARY}.pdf.js"
Content-Disposition: attachment; filename="${CANARY}.pdf.js"

${CANARY}
--edge--
`

async function lift(parameters: object, raw: unknown = RAW) {
  const event = testEvent({ sourceKind: 'email', payload: { raw, recipients: [`x@${CANARY}.example`] } })
  return email.lift(event, email.parameters.parse({ least: 1, sure: 4, ...parameters }), testContext(event))
}

const emission = (id: string): Emission =>
  ({ techniqueId: id.split('.')[0], subTechniqueId: id.includes('.') ? id : null }) as Emission

describe('the email lifter', () => {
  it('weighs the signs that the rule names: the more of them, the surer', async () => {
    expect((await lift({ signs: { credential_request: 1 } }))?.multiplier).toBe(0.25)
    expect((await lift({ signs: { credential_request: 1, link_shortener: 2 } }))?.multiplier).toBe(0.75)
    expect((await lift({ signs: { credential_request: 5 } }))?.multiplier).toBe(1)
  })

  it('says nothing below the least weight, and without one of the signs that the rule asks for', async () => {
    expect(await lift({ signs: { credential_request: 0.9 } })).toBeNull()
    expect(await lift({ signs: { credential_request: 3 }, one_of: ['macro'] })).toBeNull()
    expect(await lift({ signs: { credential_request: 3 }, one_of: ['macro', 'link'] })).not.toBeNull()
    expect(await lift({ signs: { credential_request: 3 } }, 7)).toBeNull()
  })

  it('states a technique only where the signs that it needs are there', async () => {
    const needs = { 'T1566.002': ['link'], 'T1027.006': ['html_smuggling'] }
    const { supports } = (await lift({ signs: { link: 4 }, needs }))!
    expect(['T1566', 'T1566.002', 'T1027.006'].filter((id) => supports!(emission(id)))).toEqual(['T1566', 'T1566.002'])
  })

  it('tells signs, hashes, counts and well-known header names, and nothing of what the mail says', async () => {
    const { evidence } = (await lift({ signs: { credential_request: 1, double_extension: 1, macro: 1 } }))!
    expect(evidence).toEqual({
      signs: ['credential_request', 'double_extension'],
      body_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      header_names: ['content-type', 'from', 'reply-to', 'subject', 'to'],
      recipient_count: 2,
      attachments: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'unknown' }],
    })
    expect(JSON.stringify(evidence)).not.toContain(CANARY)
  })
})
