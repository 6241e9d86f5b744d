/** One line of a Dockerfile with those that continue it, such as `USER 10001:10001`. */
export interface Instruction {
  /** In capitals. */
  readonly name: string
  readonly value: string
}

/** From one FROM to the next. */
export interface Stage {
  readonly image: string
  readonly instructions: readonly Instruction[]
  /** The value of the last instruction of that name; undefined where there is none. */
  last(name: string): string | undefined
  /** The values of all instructions of that name. */
  all(name: string): readonly string[]
}

/** The stages of a Dockerfile, in their order. */
export function parseDockerfile(text: string): readonly Stage[] {
  const instructions = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/)
      return { name: name.toUpperCase(), value: words.join(' ') }
    })
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []))
  return starts.map((start, stage) => stageOf(instructions.slice(start, starts[stage + 1])))
}

function stageOf(instructions: readonly Instruction[]): Stage {
  const all = (name: string) =>
    instructions.filter((instruction) => instruction.name === name).map(({ value }) => value)
  return {
    image: all('FROM')[0]!.split(' ', 1)[0]!,
    instructions,
    all,
    last: (name) => all(name).at(-1),
  }
}
