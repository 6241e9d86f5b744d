import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { linesOf, startCli } from './run-cli.js'

/** The built program while it follows: what it printed so far, and how it ended. */
export class FollowingCli {
  stdout = ''
  stderr = ''
  readonly #child: ReturnType<typeof startCli>
  readonly #closed: Promise<number | null>

  constructor(args: readonly string[], cwd: string) {
    this.#child = startCli(['tag', ...args, '--follow'], { cwd })
    this.#child.stdin.end()
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.#closed = once(this.#child, 'close').then(([status]) => status as number | null)
  }

  get pid(): number {
    return this.#child.pid!
  }

  get rows(): readonly string[] {
    return linesOf(this.stdout)
  }

  /** Waits until something holds; the test's own patience ends it. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}: ${this.stderr}`)
      await delay(50)
    }
  }

  kill(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.#closed
  }

  ended(): Promise<number | null> {
    return this.#closed
  }
}
