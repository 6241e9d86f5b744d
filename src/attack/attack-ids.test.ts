import { describe, expect, it } from 'vitest'
import {
  parentIdOf,
  SUB_TECHNIQUE_ID,
  sameFamily,
  TACTIC_ID,
  TECHNIQUE_ID,
  tacticUrl,
  techniqueUrl,
} from './attack-ids.js'

describe('id patterns', () => {
  it.each([
    ['TA0112', TACTIC_ID],
    ['T1059', TECHNIQUE_ID],
    ['T0801', TECHNIQUE_ID],
    ['T1059.004', SUB_TECHNIQUE_ID],
  ])('%s belongs to one kind only', (id, kind) => {
    expect([TACTIC_ID, TECHNIQUE_ID, SUB_TECHNIQUE_ID].filter((pattern) => pattern.test(id))).toEqual([kind])
  })

  it.each(['', 't1059', 'T1059.4', 'T1059.004 ', 'TA112', 'T1059\n'])('%j is no id', (text) => {
    expect([TACTIC_ID, TECHNIQUE_ID, SUB_TECHNIQUE_ID].some((pattern) => pattern.test(text))).toBe(false)
  })
})

describe('families', () => {
  it('knows the parent of a sub-technique alone', () => {
    expect(parentIdOf('T1059.004')).toBe('T1059')
    expect(parentIdOf('T1059')).toBeNull()
    expect(parentIdOf('TA0002')).toBeNull()
  })

  it('holds a technique, its parent and its children together, but not siblings', () => {
    expect(sameFamily('T1059', 'T1059')).toBe(true)
    expect(sameFamily('T1059', 'T1059.004')).toBe(true)
    expect(sameFamily('T1059.004', 'T1059')).toBe(true)
    expect(sameFamily('T1059.004', 'T1059.006')).toBe(false)
    expect(sameFamily('T1059.004', 'T1053')).toBe(false)
    expect(sameFamily('T1059', 'TA0002')).toBe(false)
  })
})

describe('pages', () => {
  it('writes a sub-technique as a path below its technique', () => {
    expect(techniqueUrl('T1059.004')).toBe('https://attack.mitre.org/techniques/T1059/004/')
    expect(techniqueUrl('T1190')).toBe('https://attack.mitre.org/techniques/T1190/')
    expect(tacticUrl('TA0112')).toBe('https://attack.mitre.org/tactics/TA0112/')
  })
})
