import { describe, expect, it } from 'vitest'
import { expandBraceLists } from './brace-lists.js'

describe('expandBraceLists', () => {
  it.each([
    ['{a,b}', ['a', 'b']],
    ['x{a,b}y', ['xay', 'xby']],
    ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['a{,.bak}', ['a', 'a.bak']],
    ['{"a,b",c}', ['"a,b"', 'c']],
    ['{a,${x,,}}', ['a', '${x,,}']],
    ['{}{a,b}', ['{}a', '{}b']],
  ])('%s', (raw, words) => {
    expect(expandBraceLists(raw, 100)).toEqual(words)
  })

  it.each(['{1..9}', '{a}', '{a,b', 'a,b', '\\{a,b}', '"{a,b}"', '${a,b}'])('leaves %s', (raw) => {
    expect(expandBraceLists(raw, 100)).toBeNull()
  })

  it('refuses to grow beyond its bound', () => {
    expect(expandBraceLists('{a,b}'.repeat(7), 128)).toHaveLength(128)
    expect(expandBraceLists('{a,b}'.repeat(8), 128)).toBeNull()
    expect(expandBraceLists('{a,b}'.repeat(500), 1e9)).toBeNull()
  })
})
