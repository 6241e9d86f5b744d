import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findShapeProblem } from './json-shape.js'

const problemOf = (text: string) => findShapeProblem(Buffer.from(text))
const EVENT = { eventid: 'cowrie.command.input', input: '[ -f x ] && ls', ports: [1, 2], nested: { a: null } }
const LINE = JSON.stringify(EVENT)

describe('findShapeProblem', () => {
  it.each([
    ['on one line', JSON.stringify([EVENT, EVENT])],
    ['of one element a line', `[\n${LINE},\n${LINE}\n]\n`],
    ['of one event', `[\n${LINE}\n]`],
    ['over many lines', JSON.stringify([EVENT, EVENT], null, 2)],
    ['behind a byte order mark and blank lines', `\ufeff\n\n [${LINE}]`],
    ['behind another array', `[${LINE}]\n[${LINE}]\n`],
    ['without elements', '[]'],
  ])('sees an array %s', (_, text) => {
    expect(problemOf(text)).toMatch(/JSON array.*jq -c '\.\[\]'/)
  })

  it.each([
    ['one object', JSON.stringify(EVENT, null, 2)],
    ['several objects', `${JSON.stringify(EVENT, null, '\t')}\r\n${JSON.stringify(EVENT, null, 4)}`],
    ['objects with line ends of Windows', JSON.stringify(EVENT, null, 2).replaceAll('\n', '\r\n')],
  ])('sees %s spread over lines', (_, text) => {
    expect(problemOf(text)).toMatch(/several lines.*jq -c \./)
  })

  it('sees the shape by any part of the file from its start', () => {
    const array = JSON.stringify([EVENT, { input: 'größer 🏠 \u0001', count: -1.5e9, is: false }], null, 1)
    const bytes = Buffer.from(array)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), (length) => {
        expect(findShapeProblem(bytes.subarray(0, length))).toContain('JSON array')
      }),
    )
  })

  it.each([
    ['nothing', ''],
    ['one object a line', `${LINE}\n${LINE}\n`],
    ['an object that breaks off', LINE.slice(0, 20)],
    ['the rest of a torn line that begins with a bracket', `[ -f x ] && ls"}\n${LINE}\n`],
    ['the rest of a torn line that is an array', `[1,2]\n${LINE}\n`],
    ['a line torn behind its brace', `{\n${LINE}\n${LINE}\n`],
    ['plain text', 'hello\nthis is not a log\n'],
    ['NUL bytes', '\0'.repeat(100)],
  ])('has nothing against %s', (_, text) => {
    expect(problemOf(text)).toBeNull()
  })

  it('bears brackets without end', () => {
    expect(problemOf('['.repeat(65_536))).toContain('JSON array')
    expect(problemOf(`{${' '.repeat(65_536)}`)).toBeNull()
  })
})
