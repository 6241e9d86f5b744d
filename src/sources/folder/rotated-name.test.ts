import { describe, expect, it } from 'vitest'
import { byLogAndAge, rotatedName } from './rotated-name.js'

describe('rotatedName', () => {
  it('tells the log that a file was rotated from', () => {
    const names = [
      'cowrie.json',
      'cowrie.json.1',
      'cowrie.json.12.gz',
      'cowrie.json.gz',
      'cowrie.json.2026-11-20',
      'cowrie.json-20261120',
      'cowrie.json-20261120-0400.gz',
      'cowrie.json.1795165200',
    ]
    for (const name of names) expect(rotatedName(name).log).toBe('cowrie.json')
    expect(rotatedName('cowrie.json').age).toBe(0)
  })

  it('leaves names alone that only look alike', () => {
    for (const name of ['cowrie-2026-11-20.json', 'conpot_382.json', 'eve2.json', '1']) {
      expect(rotatedName(name)).toEqual({ log: name, age: 0 })
    }
    expect(rotatedName('log.2026-99-99').log).not.toBe('log')
  })

  it('orders the oldest first, the log itself last', () => {
    const ordered = [
      'a/eve.json',
      'cowrie.json.2026-11-19.gz',
      'cowrie.json.2026-11-20',
      'cowrie.json.10.gz',
      'cowrie.json.2',
      'cowrie.json.1',
      'cowrie.json',
      'd/cowrie.json',
    ]
    expect(ordered.toReversed().sort(byLogAndAge)).toEqual(ordered)
  })
})
