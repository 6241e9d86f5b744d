import type { StreamDefinition } from '../streams.js'

/** Names on the wire: what one deployment calls its subjects and streams among others on the same server. */
export class Namespace {
  readonly #name: string | null

  constructor(name: string | null) {
    this.#name = name
  }

  subject(subject: string): string {
    return this.#name === null ? subject : `${this.#name}.${subject}`
  }

  /** The subject without the namespace, which it is known to have. */
  local(subject: string): string {
    return this.#name === null ? subject : subject.slice(this.#name.length + 1)
  }

  stream({ name }: StreamDefinition): string {
    return this.#name === null ? `decnet-ttp-${name}` : `decnet-ttp-${this.#name}-${name}`
  }
}
