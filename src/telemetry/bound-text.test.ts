import { describe, expect, it } from 'vitest'
import { boundArgument, boundName } from './bound-text.js'

describe('boundArgument and boundName', () => {
  it('keep the head of a text and never half a character', () => {
    expect(boundArgument('x'.repeat(5000))).toHaveLength(4096)
    expect(boundArgument(`${'x'.repeat(4095)}🏠`)).toHaveLength(4095)
    expect(boundName(`${'x'.repeat(98)}🏠y`)).toBe(`${'x'.repeat(98)}🏠`)
    expect(boundName('open')).toBe('open')
  })
})
