import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jetstream } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { openBus } from '../src/app.js'
import type { Bus, BusMessage, MessageOutcome } from '../src/bus/bus.js'
import { ConfigError, loadConfig } from '../src/config/config.js'
import { PRIVILEGED_KINDS } from '../src/events/privileged-kinds.js'
import { KNOWN_SOURCE_KINDS } from '../src/events/source-kinds.js'
import { dockerIgnore } from './support/docker-ignore.js'
import { addressOf, OwnNatsServer } from './support/nats-server.js'
import { parseDockerfile } from './support/parse-dockerfile.js'
import { runCli } from './support/run-cli.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const execute = promisify(execFile)
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const PACKAGE = JSON.parse(read('package.json')) as {
  version: string
  engines: { node: string }
  dependencies: Record<string, string>
}
const COMPOSE_TEXT = read('deploy/compose.yaml')
const UNITS = ['decnet-ttp.service', 'decnet-ttp-worker@.service'] as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-packaging-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['Dockerfile', 'deploy/nats.Dockerfile'])('%s', (file) => {
  const stages = parseDockerfile(read(file))
  const final = stages.at(-1)!

  it('starts from images of a named release', () => {
    for (const { image } of stages) expect(image).toMatch(/^[a-z]+:\d+(\.\d+)*-[a-z-]+$/)
  })

  it('runs without root, under a number that an orchestrator can check', () => {
    expect(final.last('USER')).toMatch(/^[1-9]\d{3,}:[1-9]\d{3,}$/)
  })

  it('fetches nothing by a URL', () => {
    expect(stages.flatMap((stage) => stage.all('ADD'))).toEqual([])
    expect(stages.flatMap((stage) => stage.all('RUN')).join('\n')).not.toMatch(/https?:|\bcurl\b|\bwget\b/)
  })

  it('starts the program itself, so that signals reach it, and looks after its health without a shell', () => {
    expect(final.last('STOPSIGNAL')).toBe('SIGTERM')
    expect(final.last('HEALTHCHECK')).toMatch(/--timeout=\d+s .*CMD \[".*"\]$/)
    for (const name of ['ENTRYPOINT', 'CMD']) expect(JSON.parse(final.last(name)!)).not.toContain('sh')
  })
})

describe('Dockerfile', () => {
  const stages = parseDockerfile(read('Dockerfile'))
  const build = stages[0]!
  const final = stages.at(-1)!
  const isIgnored = dockerIgnore(read('.dockerignore'))

  it('copies what is in the repository and gets into the build', () => {
    const copies = stages.flatMap((stage) => stage.all('COPY')).filter((copy) => !copy.startsWith('--from='))
    const sources = copies.flatMap((copy) => copy.split(' ').slice(0, -1))
    expect(sources).toContain('src')
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([])
    expect(sources.filter((source) => isIgnored(source))).toEqual([])
    const inFolders = ['src/cli/main.ts', 'rules/ttp/x.yaml', 'data/attack/x.json', 'examples/cowrie/cowrie.json']
    expect(inFolders.filter((path) => isIgnored(path))).toEqual([])
  })

  it('lets no secret, log or leftover into the build', () => {
    const unwanted = [
      '.env',
      '.git/config',
      'cowrie.json',
      'decnet-ttp.yaml',
      'deploy/.env',
      'deploy/secrets/secret-key',
      'dist/index.js',
      'node_modules/re2/re2.js',
      'rules/ttp/tags.db',
      'src/app.test.ts',
      'test/packaging.test.ts',
    ]
    expect(unwanted.filter((path) => !isIgnored(path))).toEqual([])
  })

  it('installs what the lock file says, builds, and drops what only development needs', () => {
    const steps = build.all('RUN').join('\n')
    expect(steps).toMatch(/npm run setup\n.*npm run build\n.*npm prune --omit=dev/s)
    expect(read('scripts/setup.mjs')).toContain("'npm', ['ci'")
  })

  it('has no tools in the last stage, and what the package needs to run', () => {
    expect(final.image).toBe(build.image)
    expect(final.all('RUN').join('\n')).not.toMatch(/apt-get|apk |npm (ci|install|run)|build-essential|python3|chmod/)
    const copied = final.all('COPY').join('\n')
    for (const needed of ['dist', 'data', 'rules', 'node_modules', 'package.json', 'LICENSE', 'NOTICE']) {
      expect(copied).toMatch(new RegExp(`(^|[ /])${needed}\\b`, 'm'))
    }
    expect(copied).not.toMatch(/--chown/)
  })

  it('runs on a release of Node.js that the package allows, and its driver of SQLite', () => {
    const [, oldest] = /^>=(\d+)/.exec(PACKAGE.engines.node)!
    const release = Number(/^node:(\d+)/.exec(final.image)![1])
    expect(release).toBeGreaterThanOrEqual(Number(oldest))
    // Releases before 13 abort the process from Node.js 24.19 on.
    if (Number.parseInt(PACKAGE.dependencies['better-sqlite3']!, 10) < 13) expect(release).toBeLessThan(24)
  })

  it('says what it holds, in the version of the package', () => {
    const labels = final.all('LABEL').join(' ')
    for (const label of ['title', 'description', 'licenses', 'version', 'revision']) {
      expect(labels).toContain(`org.opencontainers.image.${label}=`)
    }
    expect(labels).toContain(`image.version="${PACKAGE.version}"`)
  })

  it('listens on the port that it exposes and keeps its database in its volume', () => {
    expect(final.last('ENV')).toContain('DECNET_TTP_LISTEN=0.0.0.0:8650')
    expect(final.last('EXPOSE')).toBe('8650')
    expect(final.last('WORKDIR')).toBe('/etc/decnet-ttp')
    expect(final.all('COPY')).toContain('deploy/image.yaml /etc/decnet-ttp/decnet-ttp.yaml')
    const { database_url: url } = parse(read('deploy/image.yaml')) as { database_url: string }
    expect(url).toBe(`sqlite:${final.last('VOLUME')}/decnet-ttp.db`)
  })

  it('finds out whether the service is healthy', async () => {
    let status = 200
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/healthz' ? status : 404).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const [, ...words] = JSON.parse(final.last('HEALTHCHECK')!.replace(/^.*?CMD /, '')) as string[]
    const check = words.map((word) => word.replace(':8650/', `:${port}/`))
    const isHealthy = () =>
      execute(process.execPath, check).then(
        () => true,
        () => false,
      )
    expect(await isHealthy()).toBe(true)
    status = 503
    expect(await isHealthy()).toBe(false)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await isHealthy()).toBe(false)
  })
})

interface ComposeService {
  readonly image: string
  readonly user: string
  readonly build?: { readonly context: string; readonly dockerfile?: string }
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes?: readonly (
    | string
    | { readonly type: string; readonly source: string; readonly read_only?: boolean }
  )[]
  readonly healthcheck: { readonly test?: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly deploy: { readonly replicas?: number; readonly resources: { readonly limits: Record<string, unknown> } }
  readonly [key: string]: unknown
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

describe('compose.yaml', () => {
  const compose = parse(COMPOSE_TEXT, { merge: true }) as Compose
  const services = Object.entries(compose.services)

  it('has a database, a bus, a master, the API and two workers', () => {
    expect(services.map(([name]) => name)).toEqual(['postgres', 'nats', 'master', 'serve', 'worker'])
    expect(compose.services.postgres!.image).toMatch(/^postgres:(1[5-9]|[2-9]\d)-/)
    expect(read('deploy/nats.Dockerfile')).toMatch(/^FROM nats:2\.(1\d|[2-9]\d)-/m)
    expect(compose.services.worker!.deploy.replicas).toBe(2)
  })

  it.each(services)('gives %s no more than it needs', (_name, service) => {
    expect(service.user).toMatch(/^[1-9]\d+:[1-9]\d+$/)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.cap_add).toBeUndefined()
    expect(service.privileged).toBeUndefined()
    expect(service.network_mode).toBeUndefined()
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(Object.keys(service.deploy.resources.limits)).toEqual(['cpus', 'memory', 'pids'])
    const mounts = (service.volumes ?? []).filter((volume) => typeof volume === 'object')
    expect(mounts.filter((mount) => mount.read_only !== true || mount.source.includes('docker.sock'))).toEqual([])
  })

  it.each(services)('keeps %s up, and lets it end what it has begun', (_name, service) => {
    expect(service.restart).toBe('unless-stopped')
    expect(service.stop_grace_period).toBe('30s')
    // One that is built here has a test in its image.
    if (service.healthcheck.test === undefined) expect(service.build).toBeDefined()
    else expect(service.healthcheck.test[0]).toBe('CMD')
  })

  it.each(services)('names the release of the image of %s', (_name, { image }) => {
    expect(image).toMatch(/^[a-z-]+:\d+(\.\d+)*(-[a-z]+)?$/)
    if (image.startsWith('decnet-ttp:')) expect(image).toBe(`decnet-ttp:${PACKAGE.version}`)
  })

  it('builds what it builds under the user that it runs it as', () => {
    for (const { build, user } of Object.values(compose.services)) {
      if (build === undefined) continue
      const [final] = parseDockerfile(read(join('deploy', build.context, build.dockerfile ?? 'Dockerfile'))).slice(-1)
      expect(final!.last('USER')).toBe(user)
    }
  })

  it('holds no password; whoever has set none is told so', () => {
    const values = services.flatMap(([, { environment }]) => Object.entries(environment))
    const secret = values.filter(([key, value]) => /PASSWORD|TOKEN|_URL$/.test(key) || /:\/\/.*@/.test(value))
    expect(secret.length).toBeGreaterThan(5)
    for (const [, value] of secret)
      expect(value).toMatch(/^([a-z]+:\/\/[a-z-]+:)?\$\{[A-Z_]+:\?[^}]+\}(@[a-z]+:\d+.*)?$/)
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//)
    expect(read('deploy/.gitignore').split('\n')).toEqual(expect.arrayContaining(['.env', 'secrets/']))
  })

  it('asks for nothing that env.example does not name, where no password stands', () => {
    const example = read('deploy/env.example')
    const asked = new Set([...COMPOSE_TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!))
    const named = [...example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)]
    expect(named.map(([, name]) => name).sort()).toEqual([...asked].sort())
    expect(named.filter(([, name, value]) => name!.includes('PASSWORD') && value !== '')).toEqual([])
  })

  it('can be reached on this host alone, and only the API', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined)
    expect(published.map(([name]) => name)).toEqual(['serve'])
    expect(published[0]![1].ports).toEqual(['${LISTEN_ADDRESS:-127.0.0.1}:${LISTEN_PORT:-8650}:8650'])
    expect(compose.networks.backend).toEqual({ internal: true })
    const outside = services.filter(([, { networks }]) => networks.some((network) => network !== 'backend'))
    expect(outside.map(([name]) => name)).toEqual(['serve'])
  })

  it('starts the service when what it needs is healthy', () => {
    for (const name of ['master', 'serve', 'worker']) {
      expect(compose.services[name]!.depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        nats: { condition: 'service_healthy' },
      })
    }
  })

  it('keeps what must last in volumes with a name', () => {
    const volumes = services
      .flatMap(([, service]) => service.volumes ?? [])
      .filter((volume) => typeof volume === 'string')
    expect(volumes.map((volume) => volume.split(':', 1)[0])).toEqual(Object.keys(compose.volumes))
  })

  it('mounts what is there', () => {
    const mounts = services
      .flatMap(([, service]) => service.volumes ?? [])
      .filter((volume) => typeof volume === 'object')
    const sources = mounts.map(({ source }) => source.replace(/^\$\{\w+:-(.*)\}$/, '$1'))
    expect(sources).toEqual(['./nats-server.conf', '../rules/ttp'])
    for (const source of sources) expect(existsSync(join(ROOT, 'deploy', source))).toBe(true)
  })

  const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0
  it.runIf(hasCompose)('is what `docker compose` takes', async () => {
    const environment = join(folder, 'env')
    writeFileSync(environment, read('deploy/env.example').replace(/PASSWORD=$/gm, 'PASSWORD=p1'))
    const words = ['compose', '--env-file', environment, '-f', join(ROOT, 'deploy/compose.yaml'), 'config', '--quiet']
    expect((await execute('docker', words)).stderr).toBe('')
  })
})

describe('nats-server.conf', () => {
  const PASSWORDS = { NATS_PASSWORD: 'pService1', NATS_SENSOR_PASSWORD: 'pSensor2' }
  let server: OwnNatsServer
  let bus: Bus
  let sensor: NatsConnection
  const heard: BusMessage[] = []
  const noted = (message: BusMessage): MessageOutcome => {
    heard.push(message)
    return { kind: 'ack' }
  }

  beforeAll(async () => {
    for (const [name, value] of Object.entries(PASSWORDS)) vi.stubEnv(name, value)
    const file = join(folder, 'nats-server.conf')
    // Folder and ports of the test take the place of these.
    writeFileSync(file, read('deploy/nats-server.conf').replace(/^(http:|\s*store_dir:).*$/gm, ''))
    server = await OwnNatsServer.start(['-c', file])
    bus = await openBus({ bus_url: server.url.replace('//', `//decnet-ttp:${PASSWORDS.NATS_PASSWORD}@`) })
    await bus.subscribe('ttp.event.>', noted, { durable: 'test', from: 'all' })
    sensor = await connect({ servers: addressOf(server.url), user: 'sensor', pass: PASSWORDS.NATS_SENSOR_PASSWORD })
  })
  afterAll(async () => {
    await sensor?.close()
    await bus?.close()
    await server?.[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
  })

  const refusal = (subject: string) =>
    sensor.request(subject, '{}', { timeout: 2_000 }).then(
      () => 'none',
      (error: Error) => error.message,
    )
  const refusalToHear = async (subject: string) => {
    const subscription = sensor.subscribe(subject)
    await sensor.flush()
    return subscription.closed.then((reason) => (reason as Error | undefined)?.message ?? 'none')
  }

  it('lets the service publish and take part', async () => {
    await bus.publish({ subject: 'ttp.event.command', id: 'service-1', payload: { of: 'service' } })
    await expect.poll(() => heard.map(({ id }) => id)).toContain('service-1')
  })

  it.each([...KNOWN_SOURCE_KINDS])('knows who may publish events of the kind %s', async (kind) => {
    const isOfOthers = PRIVILEGED_KINDS.has(kind)
    expect(await refusal(`ttp.event.${kind}`)).toMatch(isOfOthers ? /Permissions Violation/ : /^none$/)
  })

  it.each(['ttp.tagged', 'ttp.rule.state.R0001', 'identity.formed', 'system.worker.control', '$JS.API.STREAM.NAMES'])(
    'does not let a sensor publish %s',
    async (subject) => {
      expect(await refusal(subject)).toMatch(/Permissions Violation/)
    },
  )

  it.each(['>', 'ttp.>', 'ttp.event.command', '$JS.>'])('does not let a sensor hear %s', async (subject) => {
    expect(await refusalToHear(subject)).toMatch(/Permissions Violation/)
  })

  it('shows sensors the inboxes of sensors alone', async () => {
    const overheard: string[] = []
    const subscription = sensor.subscribe('_INBOX.>', {
      callback: (_error, { subject }) => void overheard.push(subject),
    })
    await sensor.flush()
    await bus.publish({ subject: 'ttp.event.command', id: 'service-2', payload: {} })
    await expect.poll(() => heard.map(({ id }) => id)).toContain('service-2')
    await sensor.flush()
    subscription.unsubscribe()
    expect(overheard).toEqual([])
  })

  it('does not let a sensor turn the confirmation of a message into a command', async () => {
    const { seq: before } = await jetstream(sensor).publish('ttp.event.command', '{}')
    for (const reply of ['$JS.API.STREAM.PURGE.decnet-ttp-events', '$JS.API.STREAM.DELETE.decnet-ttp-events']) {
      sensor.publish('ttp.event.command', '{}', { reply })
    }
    await sensor.flush()
    const { seq: after } = await jetstream(sensor).publish('ttp.event.command', '{}')
    expect(after).toBe(before + 3)
    const service = await connect({
      servers: addressOf(server.url),
      user: 'decnet-ttp',
      pass: PASSWORDS.NATS_PASSWORD,
    })
    const { streams } = await jetstream(service).jetstreamManager()
    const { state } = await streams.info('decnet-ttp-events')
    await service.close()
    expect(state.first_seq).toBe(1)
    expect(state.messages).toBe(after)
  })

  it('lets nobody in without a password', async () => {
    await expect(connect({ servers: addressOf(server.url) })).rejects.toThrow(/authorization/i)
    await expect(
      connect({ servers: addressOf(server.url), user: 'sensor', pass: PASSWORDS.NATS_PASSWORD }),
    ).rejects.toThrow(/authorization/i)
  })

  it('looks after its health on the port that the image asks', () => {
    const [, address] = /^http: (\S+)$/m.exec(read('deploy/nats-server.conf'))!
    expect(parseDockerfile(read('deploy/nats.Dockerfile')).at(-1)!.last('HEALTHCHECK')).toContain(
      `http://${address}/healthz`,
    )
    expect(COMPOSE_TEXT).toContain(`http://${address}/healthz`)
  })
})

describe.each(UNITS)('%s', (unit) => {
  const lines = read(`deploy/systemd/${unit}`)
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1))

  it('starts the command and stops it with time to drain', () => {
    expect(valuesOf('ExecStart')[0]).toMatch(/^decnet-ttp (serve|worker)/)
    expect(valuesOf('KillSignal')).toEqual(['SIGTERM'])
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(25)
  })

  it('comes back after a crash, but not with settings that are wrong', () => {
    expect(valuesOf('Restart')).toEqual(['on-failure'])
    expect(valuesOf('RestartPreventExitStatus')).toEqual(['2'])
  })

  it('has a user, a folder of its own, and its secrets as credentials', () => {
    expect(valuesOf('User')).toEqual(['decnet-ttp'])
    expect(valuesOf('StateDirectory')).toEqual(['decnet-ttp'])
    expect(valuesOf('LoadCredential')).toEqual([
      'decnet-ttp.yaml:/etc/decnet-ttp/decnet-ttp.yaml',
      'secret-key:/etc/decnet-ttp/secret-key',
    ])
    expect(valuesOf('WorkingDirectory')).toEqual(['%d'])
    expect(lines.join('\n')).not.toMatch(/:\/\/|PASSWORD|DATABASE_URL/)
  })

  it('is shut in, but may write the code that it runs', () => {
    for (const line of ['ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'PrivateTmp=yes']) {
      expect(lines).toContain(line)
    }
    expect(valuesOf('SystemCallFilter')[0]).toBe('@system-service')
    expect(valuesOf('RestrictAddressFamilies')).toHaveLength(1)
    // V8 compiles at run time.
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([])
  })

  it('is understood by systemd, every line of it', async () => {
    const file = join(folder, unit)
    // The command is not installed here.
    writeFileSync(file, read(`deploy/systemd/${unit}`).replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'))
    const { stdout, stderr } = await systemdAnalyze(['verify', '--man=no', file])
    expect(stdout + stderr).toBe('')
  })

  it('is exposed to little, as systemd reckons', async () => {
    // Of 100; a service without any of these lines has 96.
    await systemdAnalyze([
      'security',
      '--offline=true',
      '--threshold=20',
      '--no-pager',
      join(ROOT, 'deploy/systemd', unit),
    ])
  })
})

it('shuts the worker in as it does the service', () => {
  const [service, worker] = UNITS.map((unit) => {
    const text = read(`deploy/systemd/${unit}`)
    return text.slice(text.indexOf('MemoryDenyWriteExecute='))
  })
  expect(worker).toBe(service)
})

/** Fails where systemd-analyze is not there: units that nobody looked at must not pass for good ones. */
async function systemdAnalyze(words: readonly string[]) {
  try {
    return await execute('systemd-analyze', words)
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout: string; stderr: string }
    if (code !== 'ENOENT') throw new Error(`systemd-analyze ${words.join(' ')} has found faults:\n${stdout}${stderr}`)
    throw new Error('These tests need systemd-analyze. Install it: apt-get install systemd')
  }
}

describe('decnet-ttp.example.yaml', () => {
  const example = read('deploy/decnet-ttp.example.yaml')
  /** With the # taken off each setting and each item of a list; text has a space behind it. */
  const everything = example.replace(/^#(?=\w+:| {2}- )/gm, '')

  const load = (text: string) => {
    writeFileSync(join(folder, 'decnet-ttp.yaml'), text)
    return loadConfig({ directory: folder, environment: {} })
  }

  it('can be used as it is', () => {
    expect(load(example)).toEqual({ ...load(''), ...(parse(example) as object) })
  })

  it('names every setting, and no other', () => {
    const named = Object.keys(parse(everything) as object)
    expect(named.sort()).toEqual([...knownSettings()].sort())
  })

  it('shows values that are taken', () => {
    expect(() => load(everything)).not.toThrow()
  })

  it('tells the defaults as they are', () => {
    const shown = parse(everything) as Record<string, unknown>
    const defaults = Object.entries(load('')).filter(
      ([, value]) => typeof value === 'string' || typeof value === 'number',
    )
    for (const [key, value] of defaults) {
      if (!isMadeUp(key)) expect({ [key]: shown[key] }).toEqual({ [key]: value })
    }
  })

  it('explains each setting', () => {
    const lines = example.split('\n')
    const uncommented = lines.filter(
      (line, index) => /^#?\w+:/.test(line) && !/^# |^#?\w+:/.test(lines[index - 1] ?? ''),
    )
    expect(uncommented).toEqual([])
  })
})

/** Settings whose default differs from host to host. */
function isMadeUp(key: string): boolean {
  return key === 'worker_name'
}

function knownSettings(): readonly string[] {
  try {
    loadConfig({ flags: { no_such_setting: 'x' }, directory: folder, environment: {} })
  } catch (error) {
    const [, names] = /Known settings: (.*)\.$/.exec((error as ConfigError).message) ?? []
    if (error instanceof ConfigError && names !== undefined) return names.split(', ')
    throw error
  }
  throw new Error('a setting that does not exist was taken')
}

describe('what is started', () => {
  const compose = parse(COMPOSE_TEXT, { merge: true }) as Compose
  const ofCompose = ['master', 'serve', 'worker'].map((name) => compose.services[name]!.command!)
  const ofUnits = UNITS.map((unit) =>
    /^ExecStart=decnet-ttp (.*)$/m.exec(read(`deploy/systemd/${unit}`))![1]!.split(' '),
  )
  const others = [['rules', 'state', 'list'], ['doctor'], ['token', 'create', '--decky']]

  it.each([...ofCompose, ...ofUnits, ...others].map((words) => [words.join(' '), words] as const))(
    'decnet-ttp %s is a command with these options',
    async (_text, words) => {
      const names = words.filter((word) => /^[a-z]+$/.test(word))
      const { status, stdout } = await runCli([...names, '--help'])
      expect(status).toBe(0)
      expect(stdout).toContain(`decnet-ttp ${names.join(' ')}`)
      for (const option of words.filter((word) => word.startsWith('--'))) expect(stdout).toContain(option)
    },
  )
})

describe('README.md', () => {
  const text = read('deploy/README.md')

  it('speaks of files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, link]) => join('deploy', link!))
    const named = [...text.matchAll(/deploy\/[\w.@/-]*\w/g)].map(([path]) => path)
    const missing = [...links, ...named].filter((path) => !existsSync(join(ROOT, path)))
    expect(missing.filter((path) => !['deploy/.env', 'deploy/secrets'].includes(path))).toEqual([])
  })

  it('speaks of every file', () => {
    const files = readdirSync(join(ROOT, 'deploy'), { recursive: true, withFileTypes: true })
    const names = files.filter((file) => file.isFile()).map(({ name }) => name)
    const own = ['.env', '.gitignore', 'README.md', 'image.yaml', 'nats.Dockerfile', 'secret-key']
    expect(names.filter((name) => !own.includes(name) && !text.includes(name))).toEqual([])
  })
})
