import { secretValue } from './named-values.js'
import type { SecretSpan } from './secret-span.js'

const VARIABLE = /\$\{?([A-Za-z_]\w{0,63})/g
const ASSIGNMENT = /(?<![\w$./-])([A-Za-z_]\w{0,63})=/g
const LOOP = /\bfor[ \t]{1,8}([A-Za-z_]\w{0,63})[ \t]{1,8}in[ \t]{1,8}([^;\n]+)/g

/**
 * The values of variables that stand inside secrets (`p=…; echo root:$p | chpasswd`), and of variables inside those
 * values: assignments of the text itself, and the words of a `for` loop.
 */
export function findAssignedSecrets(text: string, secrets: readonly SecretSpan[]): SecretSpan[] {
  const wanted = new Set<string>()
  for (const secret of secrets) addVariables(text, secret, wanted)
  if (wanted.size === 0) return []
  const values = assignedValues(text)
  const assigned: SecretSpan[] = []
  for (const name of wanted) {
    for (const value of values.get(name) ?? []) {
      assigned.push(value)
      addVariables(text, value, wanted)
    }
  }
  return assigned
}

function addVariables(text: string, { start, end }: SecretSpan, names: Set<string>): void {
  for (const [, name = ''] of text.slice(start, end).matchAll(VARIABLE)) names.add(name)
}

function assignedValues(text: string): ReadonlyMap<string, readonly SecretSpan[]> {
  const values = new Map<string, SecretSpan[]>()
  const add = (name: string, value: SecretSpan) => {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  let covered = 0
  for (const match of text.matchAll(ASSIGNMENT)) {
    const value = match.index < covered ? null : secretValue(text, match.index + match[0].length, match.index)
    if (value) add(match[1]!, value)
    covered = value?.end ?? covered
  }
  for (const match of text.matchAll(LOOP)) {
    const end = match.index + match[0].length
    add(match[1]!, { start: end - match[2]!.length, end })
  }
  return values
}
