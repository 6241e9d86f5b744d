import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closesOpenField, readCsvRecord } from './csv-record.js'

/** As RFC 4180 has it: quotes where they are needed. */
const written = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)

describe('readCsvRecord', () => {
  it.each([
    ['', ['']],
    ['a,b', ['a', 'b']],
    ['a,', ['a', '']],
    [',', ['', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['"","x"', ['', 'x']],
    ['a"b"c,d', ['a"b"c', 'd']],
    ['"a"b,c', ['ab', 'c']],
    ['"""",""""""', ['"', '""']],
  ])('reads %j', (line, fields) => {
    expect(readCsvRecord(line)).toEqual({ kind: 'whole', fields })
  })

  it.each(['"', '"a', 'a,"b', '"a""', '"a,b""'])('finds %j open', (line) => {
    expect(readCsvRecord(line)).toEqual({ kind: 'open' })
  })

  it('reads whatever was written by the rules', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', '\t', '🏠') })
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(readCsvRecord(fields.map(written).join(','))).toEqual({ kind: 'whole', fields })
      }),
    )
  })
})

describe('closesOpenField', () => {
  it.each([
    ['"', true],
    ['rest",', true],
    ['say ""hi"",more",x', true],
    ['no quote', false],
    ['a doubled "" one', false],
    ['closes",but,"opens again', false],
  ])('%j: %j', (line, closes) => {
    expect(closesOpenField(line)).toBe(closes)
  })
})
