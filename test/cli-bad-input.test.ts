import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { captureBytes } from './support/capture.js'
import { cowrieLine } from './support/cowrie-line.js'
import { ruleText } from './support/rule-text.js'
import { bareEnvironment, CLI, type CliOptions, type CliResult, linesOf, runCli } from './support/run-cli.js'
import { writeFiles } from './support/write-files.js'

const DONE = 0
const FAILED = 1
const BAD_INPUT = 2

const DOWNLOAD = cowrieLine()
const SYSTEM = cowrieLine({ input: 'uname -a', session: 'b2b2b2b2b2b2' })
const BOTH = ['R9001', 'R9002']
/** Stands for a line too long to be held here. */
const HUGE = 'huge'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-bad-'))
  ruleFolder('rules', {
    'R9001.yaml': ruleText({ id: 'R9001', match: '{ field: command_text, contains: wget }' }),
    'R9002.yaml': ruleText({ id: 'R9002', match: '{ field: command_text, contains: uname }' }),
  })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Logs with lines that give no event, and what is told of each such line. */
const REFUSED_LINES: readonly (readonly [name: string, content: string, places: readonly RegExp[]])[] = [
  ['a last line that breaks off', `${DOWNLOAD}\n${SYSTEM}\n${SYSTEM.slice(0, 90)}`, [/:3:91 refused: .*truncated/]],
  [
    'a line in the middle that breaks off',
    `${DOWNLOAD}\n${SYSTEM.slice(0, 90)}\n${SYSTEM}\n`,
    [/:2:91 refused: .*truncated/],
  ],
  [
    'a first line that breaks off at its start',
    `${SYSTEM.slice(40)}\n${DOWNLOAD}\n${SYSTEM}\n`,
    [/:1:1 refused: not JSON/],
  ],
  ['two objects on one line', `${DOWNLOAD}\n${SYSTEM}${SYSTEM}\n${SYSTEM}\n`, [/:2:\d+ refused: .*two objects/]],
  [
    'NUL bytes of a crash',
    `${DOWNLOAD}\n${' '.repeat(8000)}\n${'\0'.repeat(4096)}\n${SYSTEM}\n`,
    [/:3:1 refused: .*U\+0000/],
  ],
  [
    'text between the lines',
    `${DOWNLOAD}\nlog rotated\n${SYSTEM}\n`,
    [/:2:1 refused: not JSON: the line begins with 'l'/],
  ],
  ['no address', `${DOWNLOAD}\n${cowrieLine({ src_ip: undefined })}\n${SYSTEM}\n`, [/:2 refused: "src_ip" is missing/]],
  [
    'an address of another type',
    `${DOWNLOAD}\n${cowrieLine({ src_ip: 42 })}\n${SYSTEM}\n`,
    [/:2 refused: "src_ip" .*number/],
  ],
  [
    'a session of another type',
    `${DOWNLOAD}\n${cowrieLine({ session: [] })}\n${SYSTEM}\n`,
    [/:2 refused: "session" .*list/],
  ],
  [
    'an event type of another type',
    `${DOWNLOAD}\n${cowrieLine({ eventid: 7 })}\n${SYSTEM}\n`,
    [/:2 refused: "eventid" .*number/],
  ],
  [
    'a time that is none',
    `${DOWNLOAD}\n${cowrieLine({ timestamp: 'soon' })}\n${SYSTEM}\n`,
    [/:2 refused: "timestamp"/],
  ],
  [
    'a value that is no object',
    `${DOWNLOAD}\n42\n"text"\nnull\n${SYSTEM}\n`,
    [/:2:1 refused: /, /:3:1 refused: /, /:4:1 refused: /],
  ],
  [
    'an event of another format',
    `${DOWNLOAD}\n${JSON.stringify({ source_kind: 'command', source_ip: '192.0.2.1', payload: { command_text: 'id' } })}\n${SYSTEM}\n`,
    [/:2 refused: "eventid" is missing/],
  ],
]

describe('lines that give no event', () => {
  let status: number | null
  let told: readonly string[]
  let rows: readonly Row[]

  beforeAll(async () => {
    // One run over all of them: each log has sessions of its own, so that it can be told which tags are whose.
    const files = REFUSED_LINES.map(([name, content], index) => fileOf(name, inSession(content, index)))
    const result = await run(['tag', ...files, '--output', 'jsonl'])
    status = result.status
    told = linesOf(result.stderr)
    rows = rowsOf(result)
  })

  it.each(REFUSED_LINES.map(([name, , places], index) => [name, index, places] as const))(
    '%s: told with its place, the others are tagged',
    (name, index, places) => {
      const rules = rows.filter((row) => row.session_id === sessionOf(index)).map((row) => row.rule_id)
      expect(rules.sort()).toEqual(BOTH)
      const ours = told.filter((line) => line.includes(`/${fileName(name)}:`))
      expect(ours).toHaveLength(places.length)
      for (const [line, place] of places.entries()) expect(ours[line]).toMatch(place)
    },
  )

  it('are no reason to fail', () => {
    expect(status).toBe(DONE)
  })

  it('among them NUL bytes of a crash, also near the start', async () => {
    const result = await tag(fileOf('NUL first', `${DOWNLOAD}\n${'\0'.repeat(4096)}\n${SYSTEM}\n`))
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/:2:1 refused: .*U\+0000/)
  })

  it('tells a few of many by their place and all by their number', async () => {
    const result = await tag(fileOf('many', `${DOWNLOAD}\n${'nothing\n'.repeat(1000)}${SYSTEM}\n`))
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toContain('1000 lines refused in all')
    expect(linesOf(result.stderr).length).toBeLessThan(10)
  })

  it('tells of them in the summary too', async () => {
    const { stdout } = await run(['tag', fileOf('summed up', `${DOWNLOAD}\n${SYSTEM.slice(0, 90)}\n`)])
    expect(stdout).toMatch(/1 line\b.*refused|refused.*1 line\b|Lines? refused/i)
    expect(stdout).toContain(':2')
  })

  it.each([
    ['first', [HUGE, DOWNLOAD, SYSTEM]],
    ['between others', [DOWNLOAD, HUGE, SYSTEM]],
    ['last', [DOWNLOAD, SYSTEM, HUGE]],
  ])('passes over a line of 100 MB that comes %s', async (name, lines) => {
    const file = join(folder, `huge-${name.slice(0, 3)}.json`)
    const descriptor = openSync(file, 'w')
    for (const line of lines) {
      if (line === HUGE) writeHugeLine(descriptor)
      else writeSync(descriptor, `${line}\n`)
    }
    closeSync(descriptor)
    const result = await tag(file)
    rmSync(file)
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/refused: the line has 10485\d{4} bytes/)
    expect(result.status).toBe(DONE)
  })

  it('stops at the first of them with --strict, and keeps what came before', async () => {
    const log = fileOf('strict', `${DOWNLOAD}\n${SYSTEM.slice(0, 90)}\n${SYSTEM}\n`)
    const good = fileOf('strict-good', `${SYSTEM}\n`)
    const result = await run(['tag', log, good, '--strict', '--output', 'jsonl'])
    expect(rulesOf(result)).toEqual(['R9001'])
    expect(result.stderr).toMatch(/strict:2:91 refused/)
    expect(result.status).toBe(BAD_INPUT)
  })
})

describe('lines that give an event with something amiss', () => {
  it('tags around bytes that are not UTF-8', async () => {
    const odd = Buffer.from(cowrieLine({ input: 'wget http://203.0.113.9/?' }).replace('?', '\xff\xfe'), 'latin1')
    const result = await tag(fileOf('not UTF-8', Buffer.concat([Buffer.from(`${SYSTEM}\n`), odd, Buffer.from('\n')])))
    expect(result.status).toBe(DONE)
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/:2 warning: .*not UTF-8/)
  })

  it('leaves out a field of the wrong type, with its place', async () => {
    const odd = [
      cowrieLine({ input: ['wget'] }),
      cowrieLine({ sensor: {}, session: 'c3' }),
      cowrieLine({ input: null }),
    ]
    const result = await tag(fileOf('wrong types', [...odd, SYSTEM].join('\n')))
    expect(result.status).toBe(DONE)
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/:1 warning: "input" .*list/)
    expect(result.stderr).toMatch(/:2 warning: "sensor" .*object/)
  })

  it('takes a time far off as it is; one before the epoch of such logs is told', async () => {
    const log = [cowrieLine({ timestamp: '2099-01-01T00:00:00Z' }), cowrieLine({ timestamp: '1970-01-01T00:00:00Z' })]
    const result = await tag(fileOf('times', log.join('\n')))
    expect(rowsOf(result).map((row) => row.observed_at)).toEqual([
      '2099-01-01T00:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
    ])
    expect(result.stderr).toMatch(/:2 warning: "timestamp"/)
    expect((await run(['tag', join(folder, 'times')])).stdout).toContain('1970-01-01 00:00 – 2099-01-01 00:00')
  })

  it('takes names of object properties for names', async () => {
    const log = [
      DOWNLOAD.replace('{', '{"__proto__":{"eventid":"cowrie.login.success","input":"id"},'),
      cowrieLine({ session: '__proto__', sensor: 'constructor', input: 'uname -a' }),
      cowrieLine({ eventid: '__proto__' }),
      cowrieLine({ eventid: 'hasOwnProperty' }),
      DOWNLOAD.replace('"eventid":', '"__proto__":'),
    ]
    const result = await tag(fileOf('names of properties', log.join('\n')))
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(rowsOf(result).map((row) => [row.session_id, row.decky_id])).toContainEqual(['__proto__', 'constructor'])
    expect(result.stderr).toMatch(/unknown event type "__proto__", 1 line/)
    expect(result.stderr).toMatch(/:5 refused: "eventid" is missing/)
  })

  it('survives nesting without end', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const beside = DOWNLOAD.replace('{', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},`)
    const result = await tag(fileOf('deep', `${SYSTEM}\n${deep}\n${beside}\n`))
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/:2 refused/)
    expect(result.status).toBe(DONE)
  })

  it('tags a log whose first line is long', async () => {
    const long = cowrieLine({ input: `echo ${'A'.repeat(200_000)}`, session: 'c3' })
    expect(rulesOf(await tag(fileOf('long first line', `${long}\n${DOWNLOAD}\n${SYSTEM}\n`))).sort()).toEqual(BOTH)
  })

  it('tags a log whose first line has another shape', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const result = await tag(fileOf('odd first line', `${deep}\n${DOWNLOAD}\n${SYSTEM}\n`))
    expect(rulesOf(result).sort()).toEqual(BOTH)
  })

  it.each([
    ['line ends of Windows', `${DOWNLOAD}\r\n${SYSTEM}\r\n`],
    ['a byte order mark', `\ufeff${DOWNLOAD}\n${SYSTEM}\n`],
    ['blank lines', `\n\n${DOWNLOAD}\n  \n\t\r\n${SYSTEM}\n\n`],
  ])('takes %s without a word', async (name, content) => {
    const result = await tag(fileOf(name, content))
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result).toMatchObject({ status: DONE, stderr: '' })
  })
})

describe('files that are no log', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['UTF-16', Buffer.from(`\ufeff${DOWNLOAD}\n`, 'utf16le'), /the file is UTF-16; .*iconv/],
    [
      'random text',
      'hello\nthis is not a log\n',
      /no known log format .*--format \(cowrie, opencanary, heralding, heralding-json, dionaea, suricata, zeek, docker-api, dshield, mailoney, canary, combined, eml, mbox, syslog, events, intel\)/,
    ],
    ['a program', readFileSync(process.execPath).subarray(0, 100_000), /no text|no known log format/],
    ['a ZIP archive', Buffer.from('PK\x03\x04\x14\0\0\0\x08\0abcdefgh'), /packed with ZIP; .*unzip -p/],
    [
      'a Zstandard file',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1, 2, 3, 4, 5, 6]),
      /packed with Zstandard; .*zstd -dc/,
    ],
  ])('%s: told in one line, the file beside it is tagged', async (name, content, message) => {
    const result = await run(['tag', fileOf(name, content), goodFile(), '--output', 'jsonl'])
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expectOneError(result, message)
    expect(result.status).toBe(BAD_INPUT)
  })

  it.each([
    ['on one line', `[${DOWNLOAD},${SYSTEM}]`],
    ['over many lines', JSON.stringify([JSON.parse(DOWNLOAD), JSON.parse(SYSTEM)], null, 2)],
  ])('a JSON array %s: said what it is and how to turn it into lines, never done well', async (name, content) => {
    const result = await run(['tag', fileOf(`array ${name}`, content), goodFile(), '--output', 'jsonl'])
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/JSON array.*jq/)
    expect(result.status).toBe(BAD_INPUT)
  })

  it('does not advise to name a format where none would help', async () => {
    const utf16 = await run(['tag', fileOf('wide', Buffer.from(`\ufeff${DOWNLOAD}\n`, 'utf16le'))])
    expect(utf16.stderr).not.toContain('--format')
  })

  it('says of an empty file that it is', async () => {
    const result = await run(['tag', fileOf('empty', ''), goodFile(), '--output', 'jsonl'])
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expect(result.stderr).toMatch(/^warning: \S+empty: there is nothing in it\n$/)
    expect(result.status).toBe(DONE)
  })

  it('says of empty standard input that it is', async () => {
    expect(await run(['tag', '-', '--output', 'jsonl'])).toMatchObject({ status: DONE, stdout: '' })
  })

  it.each<[string, () => string, RegExp]>([
    ['a missing file', () => join(folder, 'nowhere.json'), /nowhere\.json: there is no such file/],
    ['a folder without a log', () => writeFiles(join(folder, 'nothing'), {}), /there is no log in this folder/],
    ['a path through a file', () => join(goodFile(), 'x'), /there is no such file/],
  ])('%s: told in one line, the file beside it is tagged', async (_name, path, message) => {
    const result = await run(['tag', path(), goodFile(), '--output', 'jsonl'])
    expect(rulesOf(result).sort()).toEqual(BOTH)
    expectOneError(result, message)
    expect(result.status).toBe(BAD_INPUT)
  })

  it.each<[string, (packed: Buffer) => Buffer, RegExp, number]>([
    ['breaks off', (packed) => packed.subarray(0, packed.length >> 1), /breaks off/, 30],
    [
      'is damaged',
      (packed) => Buffer.from(packed).fill(0xff, packed.length >> 1, (packed.length >> 1) + 200),
      /damaged/,
      30,
    ],
    [
      'has a wrong checksum',
      (packed) => packed.with(packed.length - 6, packed.at(-6)! ^ 0xff) as Buffer,
      /damaged/,
      100,
    ],
    ['has rubbish behind it', (packed) => Buffer.concat([packed, Buffer.from('rubbish')]), /./, 100],
  ])('gives the tags of what is readable where gzip %s', async (name, damage, message, least) => {
    const result = await tag(fileOf(`${name}.gz`, Buffer.from(damage(gzipSync(captureBytes())))))
    expect(rowsOf(result).length).toBeGreaterThan(least)
    if (name === 'has rubbish behind it') return expect(result.stderr).not.toMatch(/^\s+at /m)
    expect(result.status).toBe(BAD_INPUT)
    expect(result.stderr).toMatch(message)
  })

  it('keeps control characters of file names off the terminal', async () => {
    const result = await run(['tag', join(folder, 'x\x1b]0;title\x07\u202e.json')])
    expect(result.stderr).toContain('there is no such file')
    expect(result.stderr).not.toMatch(/[\x1b\x07\u202e]/)
  })
})

describe('a database that cannot be used', () => {
  it.each<[string, () => string, RegExp]>([
    ['a folder', () => `sqlite:${folder}`, /is a folder/],
    [
      'a file that is no database',
      () => `sqlite:${fileOf('garbage.db', 'no database\n'.repeat(100))}`,
      /not a SQLite database/,
    ],
    ['a folder that is missing', () => `sqlite:${join(folder, 'no', 'such', 'tags.db')}`, /folder|directory/],
    ['a place where nothing may be made', () => 'sqlite:/proc/decnet-ttp.db', /cannot be opened|permission|not.*writ/],
    ['a full device', () => 'sqlite:/dev/full', /full/],
    ['a URL of something else', () => 'mysql://host/tags', /mysql:… are not supported.*postgres:/],
    ['a URL without a file', () => 'sqlite:', /sqlite:/],
  ])('%s: told in one line before anything is done', async (_name, url, message) => {
    const result = await run(['tag', goodFile(), '--db', url()])
    expectOneError(result, message)
    expect(result.stdout).toBe('')
    expect([FAILED, BAD_INPUT]).toContain(result.status)
  })

  it('is not made by asking it for a tag', async () => {
    const file = join(folder, 'asked.db')
    const result = await run(['explain', '--tag', '00000000-0000-5000-8000-000000000000', '--db', `sqlite:${file}`])
    expect([FAILED, BAD_INPUT]).toContain(result.status)
    expectOneError(result, /./)
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })
})

describe('an output that cannot be written', () => {
  it.runIf(process.platform === 'linux')('is told in one line', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [CLI, 'tag', goodFile(), '--output', 'jsonl'], {
      stdio: ['ignore', full, 'pipe'],
      env: bareEnvironment(),
    })
    closeSync(full)
    let stderr = ''
    child.stderr?.on('data', (chunk) => {
      stderr += chunk
    })
    const [status] = await once(child, 'close')
    expectOneError({ status, stdout: '', stderr }, /no space|full|ENOSPC/)
    expect(status).toBe(FAILED)
  })
})

describe('rules that do not compile', () => {
  const typo = ruleText({ id: 'R9101' }).replace('match:', 'mach:')

  it('are told with file, line and column; the others work', async () => {
    const rules = ruleFolder('with-typo', { 'R9101_typo.yaml': typo, 'R9002_good.yaml': ruleText({ id: 'R9002' }) })
    const result = await run(['tag', goodFile(), '--rules', rules, '--output', 'jsonl'])
    expect(rulesOf(result)).toEqual(['R9002'])
    expect(result.stderr).toMatch(/R9101_typo\.yaml:7:1 .*'mach'/)
    expect(result.stderr).toContain('rules validate')
    expect(result.status).toBe(DONE)
  })

  it('are told all at once by rules validate', async () => {
    const rules = ruleFolder('all-wrong', {
      'R9101_typo.yaml': typo,
      'R9002_unclosed.yaml': 'rule_id: [\n',
      'R9003_lookahead.yaml': ruleText({ id: 'R9003', match: "{ field: command_text, pattern: 'a(?=b)' }" }),
      'R9004_field.yaml': ruleText({ id: 'R9004', match: '{ field: comand_text, contains: x }' }),
      'R9005_technique.yaml': ruleText({
        id: 'R9005',
        emits: '{ tactic: TA0011, technique_id: T9999, confidence: 0.9 }',
      }),
      'R9006_confidence.yaml': ruleText({
        id: 'R9006',
        emits: '{ tactic: TA0011, technique_id: T1105, confidence: 7 }',
      }),
      'R9007_one.yaml': ruleText({ id: 'R9007' }),
      'R9008_same_id.yaml': ruleText({ id: 'R9007' }),
      'R9009_proto.yaml': `${ruleText({ id: 'R9009' })}__proto__: { a: 1 }\n`,
      'R9010_bytes.yaml': '\ufffd\0\x01',
    })
    const result = await run(['rules', 'validate', rules])
    expect(result.status).toBe(FAILED)
    const told = linesOf(result.stdout)
    for (const number of ['9002', '9003', '9004', '9005', '9006', '9008', '9009', '9010', '9101']) {
      expect(told).toContainEqual(expect.stringMatching(new RegExp(`R${number}_\\w+\\.yaml:\\d+:\\d+ error`)))
    }
    expect(result.stderr).toMatch(/\d+ errors/)
    expect(result.stderr).not.toMatch(/^\s+at /m)

    const asJson = await run(['rules', 'validate', rules, '--json'])
    const issues = linesOf(asJson.stdout).map((line) => JSON.parse(line) as { code: string; remedy: string })
    expect(issues.length).toBeGreaterThanOrEqual(9)
    expect(issues.filter((issue) => issue.remedy === '')).toEqual([])
  })

  it('fail rules test', async () => {
    const wrong = ruleText({ id: 'R9001', extra: 'tests:\n  match: [uname]\n  no_match: [wget x]\n' })
    const result = await run(['rules', 'test', ruleFolder('wrong-samples', { 'R9001_wrong.yaml': wrong })])
    expect(result.status).toBe(FAILED)
    expect(result.stdout).toMatch(/R9001_wrong\.yaml:\d+ R9001 should match and does not: .*uname/)
    expect(result.stdout).toMatch(/should not match and does: .*wget x/)
  })

  it('are told where the folder is missing, or holds none', async () => {
    const missing = await run(['tag', goodFile(), '--rules', join(folder, 'no-rules')])
    expectOneError(missing, /no-rules: there is no such folder/)
    expect(missing.status).toBe(BAD_INPUT)
    const empty = await run(['tag', goodFile(), '--rules', ruleFolder('empty-folder', {})])
    expect(empty.stderr).toMatch(/no rules?\b/i)
  })
})

describe('bad usage', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['tga', 'x'], /unknown command 'tga'[\s\S]*--help/],
    ['an unknown option', ['tag', '--nope', 'x'], /unknown option '--nope'[\s\S]*--help/],
    ['an unknown command of rules', ['rules', 'nope'], /unknown command 'nope'[\s\S]*--help/],
    ['no file', ['tag'], /name at least one log file/],
    [
      'an unknown format',
      ['tag', '--format', 'nope', 'x'],
      /nope.*cowrie, opencanary, heralding, heralding-json, dionaea, suricata, zeek, docker-api, dshield, mailoney, canary, combined, eml, mbox, syslog, events, intel/,
    ],
    ['an unknown form of output', ['tag', '--output', 'xml', 'x'], /summary, jsonl, csv/],
    ['a confidence above one', ['tag', '--min-confidence', '2', 'x'], /number from 0 to 1/],
    ['a confidence that is no number', ['tag', '--min-confidence', '', 'x'], /number from 0 to 1/],
    ['an unknown rule', ['rules', 'show', 'R9999'], /no rule 'R9999'/],
    ['nothing to explain', ['explain'], /give a command line/],
    ['an unknown source kind', ['explain', '--kind', 'nope', '{}'], /'nope'.*http_request/],
    ['a payload that is no JSON', ['explain', '--kind', 'http_request', '{bad'], /not valid JSON/],
    ['a tag without a database', ['explain', '--tag', 'x'], /--db/],
    ['a line that is none', ['explain', '--line', 'x:0'], /FILE:N/],
    ['a line of a missing file', ['explain', '--line', '/nowhere/at/all.json:1'], /no such file/],
  ])('%s: exit code 2 and a hint', async (_name, args, message) => {
    const result = await run(args)
    expect(result.stderr).toMatch(message)
    expect(result.stderr).not.toMatch(/^\s+at /m)
    expect(result).toMatchObject({ status: BAD_INPUT, stdout: '' })
  })
})

describe('bad settings', () => {
  it.each<[string, CliOptions | (() => CliOptions), RegExp]>([
    ['an unknown tagger', { env: { DECNET_TTP_TAGGER_TYPE: 'nope' } }, /'nope'.*composite/],
    ['an object property as tagger', { env: { DECNET_TTP_TAGGER_TYPE: 'constructor' } }, /'constructor'.*composite/],
    ['an empty value', { env: { DECNET_TTP_RULES_DIR: '' } }, /rules_dir/],
    ['an unknown key', () => settings('rulesdir: x\n'), /'rulesdir'.*decnet-ttp\.yaml.*rules_dir/],
    ['a wrong type', () => settings('database_url: 5\n'), /database_url/],
    ['broken YAML', () => settings('a: [\n'), /decnet-ttp\.yaml.*not valid YAML/],
    ['a list', () => settings('- a\n'), /decnet-ttp\.yaml/],
  ])('%s: told in one line', async (_name, options, message) => {
    const result = await run(['tag', goodFile()], typeof options === 'function' ? options() : options)
    expectOneError(result, message)
    expect(result).toMatchObject({ status: BAD_INPUT, stdout: '' })
  })
})

/** A command of 100 MB, written piece by piece. */
function writeHugeLine(descriptor: number): void {
  const piece = Buffer.alloc(1 << 20, 'A')
  const [before, after] = cowrieLine({ input: '|' }).split('|')
  writeSync(descriptor, before!)
  for (let count = 0; count < 100; count++) writeSync(descriptor, piece)
  writeSync(descriptor, `${after}\n`)
}

interface Row {
  readonly rule_id: string
  readonly observed_at: string
  readonly session_id: string
  readonly decky_id: string
}

/** Runs the program with two small rules: which rules there are is no matter here. */
function run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(args, { ...options, env: { DECNET_TTP_RULES_DIR: join(folder, 'rules'), ...options.env } })
}

function tag(file: string): Promise<CliResult> {
  return run(['tag', file, '--output', 'jsonl'])
}

function rowsOf({ stdout }: CliResult): Row[] {
  return linesOf(stdout).map((line) => JSON.parse(line) as Row)
}

function rulesOf(result: CliResult): string[] {
  return rowsOf(result).map((row) => row.rule_id)
}

/** One error for a person: what is wrong, without a stack trace. A second line may say what to do. */
function expectOneError({ stderr }: CliResult, message: RegExp): void {
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/^\s+at |node:internal|Error: /m)
  const errors = linesOf(stderr).filter((line) => line.startsWith('error: '))
  expect(errors).toHaveLength(1)
  expect(linesOf(stderr).length).toBeLessThanOrEqual(2)
}

/** As long as Cowrie's own. */
function sessionOf(index: number): string {
  return `session-${String(index).padStart(4, '0')}`
}

function inSession(content: string, index: number): string {
  return content.replaceAll(/"session":"\w+"/g, `"session":"${sessionOf(index)}"`)
}

function fileName(name: string): string {
  return name.replaceAll(' ', '-')
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, fileName(name))
  writeFileSync(path, content)
  return path
}

function goodFile(): string {
  return fileOf('good.json', `${DOWNLOAD}\n${SYSTEM}\n`)
}

function ruleFolder(name: string, files: Readonly<Record<string, string>>): string {
  return writeFiles(join(folder, name), files)
}

let settingsFolders = 0

function settings(text: string): CliOptions {
  return { cwd: writeFiles(join(folder, `settings-${++settingsFolders}`), { 'decnet-ttp.yaml': text }) }
}
