import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { startCli } from './run-cli.js'

export interface ServiceProcessOptions {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  /** By what it says; left out, services say that they are running. */
  readonly isReady?: (said: string) => boolean
}

const isRunning = (said: string) => said.includes('"message":"running"')

/** A service of the built program, which a test may kill, halt and start again. */
export class ServiceProcess implements AsyncDisposable {
  readonly #options: ServiceProcessOptions
  #child: ChildProcess | null = null
  /** What it said, over all its lives. */
  said = ''

  private constructor(options: ServiceProcessOptions) {
    this.#options = options
  }

  /** Resolves when it is at work. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const service = new ServiceProcess(options)
    await service.start()
    return service
  }

  /** Starts it where it does not run; resolves when it says that it is running. */
  async start(): Promise<void> {
    const { command, env, cwd, isReady = isRunning } = this.#options
    const child = startCli(command, { env, ...(cwd === undefined ? {} : { cwd }) })
    this.#child = child
    let saidNow = ''
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        saidNow += chunk.toString()
        this.said += chunk.toString()
        if (isReady(saidNow)) resolve()
      }
      child.stderr!.on('data', hear)
      child.stdout!.on('data', hear)
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`${command.join(' ')} ended with ${code}:\n${saidNow}`)))
    })
  }

  get pid(): number {
    return this.#child!.pid!
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /**
   * Ends it with a signal and answers its exit code; null where the signal ended it.
   *
   * @throws if it has ended by itself before
   */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (child === null) return null
    const before = child.exitCode ?? child.signalCode
    if (before !== null)
      throw new Error(`${this.#options.command.join(' ')} ended by itself with ${before}:\n${this.said}`)
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    return code
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
