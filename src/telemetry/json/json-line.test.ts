import { describe, expect, it } from 'vitest'
import { isBlankLine, JsonLine } from './json-line.js'

function read(text: string | Buffer): { line: JsonLine; problem: ReturnType<JsonLine['read']> } {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const line = new JsonLine()
  return { line, problem: line.read(bytes, 0, bytes.length) }
}

const problemOf = (text: string | Buffer) => read(text).problem?.problem

describe('JsonLine', () => {
  it('reads objects and lists inside the line like the line itself, and names the way to what is wrong', () => {
    const { line } = read(
      '{"data":{"name":"x","port":"22","codes":["a",1]},"rows":[{"name":2},3,{"name":"y"}],"text":"z"}',
    )
    const data = line.fields('data')
    expect([data.text('name'), data.decimal('port'), data.texts('codes')]).toEqual(['x', 22, ['a']])
    expect(line.list('rows').map((row) => row.text('name'))).toEqual([undefined, 'y'])
    expect(line.fields('absent').text('name')).toBeUndefined()
    expect([line.list('absent'), line.texts('absent'), line.list('text')]).toEqual([[], [], []])
    expect(line.fields('text').has('name')).toBe(false)
    expect(line.warnings().map(({ message }) => message)).toEqual([
      '"data.codes" should hold text only; 1 of its items were left out',
      '"rows" should hold objects only; 1 of its items were left out',
      '"rows[0].name" should be text, but is number; the field was left out',
      '"text" should be a list, but is text; the field was left out',
      '"text" should be an object, but is text; the field was left out',
    ])
  })

  it('warns of one line twenty times at most', () => {
    const { line } = read(`{"rows":[${new Array(500).fill('{"name":1}').join(',')}]}`)
    for (const row of line.list('rows')) row.text('name')
    expect(line.warnings()).toHaveLength(20)
  })

  it('reads fields by their type and names those that have another one', () => {
    const { line, problem } = read('{"name":"x","count":3,"port":"22","list":[],"none":null,"empty":""}')
    expect(problem).toBeNull()
    expect(line.text('name')).toBe('x')
    expect(line.number('count')).toBe(3)
    expect(line.text('none')).toBeUndefined()
    expect(line.text('absent')).toBeUndefined()
    expect(line.filledText('empty')).toBeUndefined()
    expect(line.warnings()).toEqual([])
    expect(line.text('list')).toBeUndefined()
    expect(line.number('port')).toBeUndefined()
    expect(line.warnings().map(({ code, message }) => [code, message])).toEqual([
      ['wrong-type', '"list" should be text, but is list; the field was left out'],
      ['wrong-type', '"port" should be a number, but is text; the field was left out'],
    ])
  })

  it.each([
    ['1.25', 1.25],
    ['"1.25"', 1.25],
    ['"12"', 12],
    ['"1e3"', undefined],
    ['""', undefined],
    ['" 1"', undefined],
    [`"${'9'.repeat(400)}"`, undefined],
    ['true', undefined],
  ])('reads %s as a decimal', (json, expected) => {
    const { line } = read(`{"duration":${json}}`)
    expect(line.decimal('duration')).toBe(expected)
  })

  it('forgets the line before', () => {
    const line = new JsonLine()
    const first = Buffer.from('{"a":1}')
    line.read(first, 0, first.length)
    line.text('a')
    const second = Buffer.from('{"b":"x"}')
    line.read(second, 0, second.length)
    expect(line.warnings()).toEqual([])
    expect(line.has('a')).toBe(false)
  })

  it('warns of bytes that are not UTF-8, but not of a replacement character that was written', () => {
    const broken = read(Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc3), Buffer.from('"}')]))
    expect(broken.line.text('a')).toBe('\uFFFD\uFFFD')
    expect(broken.line.warnings()[0]?.code).toBe('invalid-utf8')
    expect(read('{"a":"\uFFFD"}').line.warnings()).toEqual([])
    expect(read('{"a":"\\ufffd"}').line.warnings()).toEqual([])
  })

  it('tells a truncated line from one that is no JSON', () => {
    expect(problemOf('{"a":1')).toEqual({
      code: 'invalid-json',
      message: 'the line ends in the middle of the JSON object (truncated write?)',
      column: 7,
    })
    expect(problemOf('Nov 20 11:51:37 host sshd')).toEqual({
      code: 'invalid-json',
      message: "not JSON: the line begins with 'N'",
      column: 1,
    })
  })

  it('suspects two objects only where another one begins', () => {
    expect(problemOf('{}{}')?.message).toContain('two objects')
    expect(problemOf('"eventid": "x",')?.message).toBe("the JSON value has ended, but ':' follows")
  })

  it('says what to do about one array of events', () => {
    expect(problemOf('[{"eventid":"cowrie.command.input"}]')).toEqual({
      code: 'not-an-object',
      message: "this looks like one JSON array; one object per line is expected (jq -c '.[]' turns it into that)",
      column: 1,
    })
    expect(problemOf('  [')?.code).toBe('not-an-object')
  })

  it.each(['null', '1', '"text"', 'true'])('refuses %s', (text) => {
    expect(problemOf(text)?.code).toBe('not-an-object')
  })

  it('counts columns in characters and names what stands there without printing it', () => {
    const problem = problemOf('{"🏠":"\u0000"}')
    expect(problem?.column).toBe(7)
    expect(problem?.message).toContain('U+0000')
    expect(problemOf('{"a":"\u001b[31m"}')?.message).not.toContain('\u001b')
    expect(problemOf('\u202e{}')?.message).toBe('not JSON: the line begins with U+202E')
  })

  it('bears deep nesting, fields named like parts of an object, and huge numbers', () => {
    expect(problemOf('{"a":'.repeat(100_000))?.code).toBe('invalid-json')
    expect(problemOf(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)).toBeUndefined()
    const { line } = read('{"__proto__":{"text":"polluted"},"constructor":1,"big":1e999}')
    expect(line.text('text')).toBeUndefined()
    expect(line.number('big')).toBe(Number.POSITIVE_INFINITY)
    expect(({} as Record<string, unknown>).text).toBeUndefined()
  })
})

describe('isBlankLine', () => {
  it('sees spaces, tabs and nothing at all as blank', () => {
    const blank = (text: string) => isBlankLine(Buffer.from(text), 0, text.length)
    expect(['', ' ', '\t \r'].map(blank)).toEqual([true, true, true])
    expect(['x', ' {', '\u0000'].map(blank)).toEqual([false, false, false])
  })
})
