import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskPayload } from './mask-payload.js'

describe('maskPayload', () => {
  it('masks secrets in texts wherever they are, and takes passwords away', () => {
    const payload = {
      command_text: 'echo root:Tr0ub4dor | chpasswd',
      password: 'Tr0ub4dor',
      headers: { authorization: 'Basic cm9vdDpUcjB1YjRkb3I=', host: 'example.net', 'x-api-key': 'k3yk3yk3yk3yk3y' },
      list: ['mysql -u root -pTr0ub4dor', { url: 'http://root:Tr0ub4dor@192.0.2.1/' }],
      size: 7,
      success: null,
    }
    const masked = maskPayload(payload)
    expect(JSON.stringify(masked)).not.toMatch(/Tr0ub4dor|cm9vdDpUcjB1YjRkb3I|k3yk3y/)
    expect(masked).toMatchObject({
      command_text: 'echo root:*** | chpasswd',
      headers: { host: 'example.net' },
      list: [expect.any(String), { url: 'http://root:***@192.0.2.1/' }],
      size: 7,
      success: null,
    })
    expect(Object.keys(masked)).not.toContain('password')
  })

  it('changes nothing of a payload that it has masked', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (payload) => {
        const masked = maskPayload(payload)
        expect(maskPayload(masked)).toEqual(masked)
      }),
    )
  })

  it('cuts long texts and what is nested too deep', () => {
    let nested: unknown = 'x'
    for (let depth = 0; depth < 40; depth++) nested = { nested }
    const masked = maskPayload({ raw: 'x'.repeat(1_000_000), nested })
    expect((masked.raw as string).length).toBeLessThan(300_000)
    expect(JSON.stringify(masked.nested).length).toBeLessThan(400)
  })

  it('keeps a field named __proto__ a field', () => {
    const masked = maskPayload(JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>)
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"a":1},"b":2}')
  })
})
