import { describe, expect, it } from 'vitest'
import { sampleTag } from '../../test/conformance/tag-samples.js'
import { RuleFiredPayload, RuleSuppressedPayload, TaggedPayload } from '../bus/payloads.js'
import { firedMessage, suppressedMessage, taggedMessages } from './announcements.js'

describe('announcements', () => {
  it('tell of tags once for each attacker, identity and session', () => {
    const tags = [sampleTag(1), sampleTag(2), sampleTag(3, { sessionId: 'other' }), sampleTag(4, { identityUuid: 'i' })]
    const messages = taggedMessages(tags)
    expect(messages.map(({ payload }) => TaggedPayload.parse(payload).tag_ids)).toEqual([
      [tags[0]!.uuid, tags[1]!.uuid],
      [tags[2]!.uuid],
      [tags[3]!.uuid],
    ])
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3)
    expect(taggedMessages(tags)).toEqual(messages)
  })

  it('cut what is too much for one message', () => {
    const tags = Array.from({ length: 2500 }, (_, index) => sampleTag(index))
    const named = taggedMessages(tags).map(({ payload }) => (payload as TaggedPayload).tag_ids)
    expect(named.map((ids) => ids.length)).toEqual([1000, 1000, 500])
    expect(named.flat()).toEqual(tags.map(({ uuid }) => uuid))
  })

  it('tell of a rule under the parent of its technique', () => {
    const tag = sampleTag(1, { techniqueId: 'T1059', subTechniqueId: 'T1059.004' })
    const { subject, id, payload } = firedMessage(tag)
    expect([subject, id]).toEqual(['ttp.rule.fired.T1059', tag.uuid])
    expect(RuleFiredPayload.parse(payload)).toEqual(payload)
  })

  it('say what was held back', () => {
    const held = { ruleId: 'R0001', attackerUuid: 'a', identityUuid: null, count: 7, since: 0, until: 60_000 }
    expect(RuleSuppressedPayload.parse(suppressedMessage(held).payload)).toEqual({
      rule_id: 'R0001',
      attacker_uuid: 'a',
      identity_uuid: null,
      suppressed: 7,
      since: '1970-01-01T00:00:00.000Z',
      until: '1970-01-01T00:01:00.000Z',
    })
  })
})
