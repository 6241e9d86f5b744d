import { describe, expect, it } from 'vitest'
import { KNOWN_SOURCE_KINDS, SOURCE_KINDS, sourceKind } from './source-kinds.js'

const SECRET_FIELDS = ['password', 'key', 'raw', 'body', 'headers', 'signals']

describe('source kinds', () => {
  it.each(Object.entries(SOURCE_KINDS))(
    '%s identifies observations by fields of its payload, never a secret',
    (_, kind) => {
      for (const field of kind.identifyingFields) {
        expect(Object.keys(kind.payload.shape)).toContain(field)
        expect(SECRET_FIELDS).not.toContain(field)
      }
    },
  )

  it.each(Object.entries(SOURCE_KINDS))('%s has strict evidence without room for a secret', (_, kind) => {
    for (const field of SECRET_FIELDS) expect(kind.evidence.safeParse({ [field]: 'x' }).success).toBe(false)
  })

  it('does not take names of Object.prototype for kinds', () => {
    expect(sourceKind('constructor')).toBeUndefined()
    expect(KNOWN_SOURCE_KINDS.has('command')).toBe(true)
  })
})
