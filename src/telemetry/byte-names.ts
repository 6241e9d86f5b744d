const SLOTS = 256

interface Entry<Value> {
  readonly name: Buffer
  readonly value: Value
}

/** A look-up table whose keys are short ASCII names, asked with bytes: no string is made to ask it. */
export class ByteNames<Value> {
  readonly #slots: Entry<Value>[][] = Array.from({ length: SLOTS }, () => [])

  constructor(entries: Iterable<readonly [name: string, value: Value]>) {
    for (const [text, value] of entries) {
      const name = Buffer.from(text, 'latin1')
      this.#slots[slotOf(name, 0, name.length)]!.push({ name, value })
    }
  }

  /** The value of the name that `bytes[start, end)` spells exactly, or undefined. */
  get(bytes: Buffer, start: number, end: number): Value | undefined {
    for (const entry of this.#slots[slotOf(bytes, start, end)]!) {
      if (spells(entry.name, bytes, start, end)) return entry.value
    }
    return undefined
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  let sum = end - start
  for (let index = start; index < end; index++) sum = (Math.imul(sum, 31) + bytes[index]!) | 0
  return (sum ^ (sum >>> 8)) & (SLOTS - 1)
}

function spells(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let index = 0; index < name.length; index++) {
    if (name[index] !== bytes[start + index]) return false
  }
  return true
}
