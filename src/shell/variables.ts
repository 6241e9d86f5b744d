import type { ParameterExpansionPart, ParameterOperation } from 'unbash'
import type { KnownText } from './known-text.js'

/** What a line assigned to a name. */
export interface Variable {
  readonly known: KnownText
  /** Whether the value, or a part of it, is what a command substitution printed. */
  readonly substituted: boolean
  /** Whether the value was put together from other variables. */
  readonly joined: boolean
}

const MOST_VARIABLES = 128
const LONGEST_VALUE = 4096

/** Values that practically every system has; used only where somebody cuts single characters out of them. */
const USUAL_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  PWD: '/root',
  SHELL: '/bin/bash',
}

/** The variables that a line sets itself; bounded. A name whose value cannot be known is not here. */
export class Variables {
  readonly #values = new Map<string, Variable>()

  get(name: string): Variable | undefined {
    return this.#values.get(name)
  }

  set(name: string, variable: Variable): void {
    const fits = variable.known.text.length <= LONGEST_VALUE && !variable.known.binary
    if (fits && (this.#values.size < MOST_VARIABLES || this.#values.has(name))) this.#values.set(name, variable)
    else this.#values.delete(name)
  }

  forget(name: string): void {
    this.#values.delete(name)
  }
}

/** Value of `${name…}` where name and operation are known, else null. */
export function parameterValue(part: ParameterExpansionPart, variables: Variables): string | null {
  if (part.prefix !== undefined || part.index !== undefined) return null
  const { operation } = part
  const assigned = variables.get(part.parameter)?.known.text
  if (operation === undefined) return assigned ?? null
  const value = assigned ?? (operation.type === 'Slice' ? USUAL_ENVIRONMENT[part.parameter] : undefined)
  return value === undefined ? null : applyOperation(value, operation)
}

function applyOperation(value: string, operation: ParameterOperation): string | null {
  switch (operation.type) {
    case 'Slice':
      return slice(value, operation.offset.value, operation.length?.value)
    case 'Replace':
      return replace(value, operation.operator, operation.pattern.value, operation.replacement.value)
    case 'Remove':
      return remove(value, operation.operator, operation.operand.value)
    case 'CaseModification':
      return operation.operand === undefined ? changeCase(value, operation.operator) : null
    case 'Default':
      return operation.operator.endsWith('+') ? null : value
    default:
      return null
  }
}

function slice(value: string, offsetText: string, lengthText: string | undefined): string | null {
  const offset = wholeNumber(offsetText)
  const length = lengthText === undefined ? value.length : wholeNumber(lengthText)
  if (offset === null || length === null) return null
  const start = offset < 0 ? Math.max(0, value.length + offset) : offset
  return value.slice(start, length < 0 ? value.length + length : start + length)
}

function wholeNumber(text: string): number | null {
  return /^\s*-?\d{1,6}\s*$/.test(text) ? Number(text) : null
}

function isLiteral(pattern: string): boolean {
  return !/[*?[\]$`\\]/.test(pattern)
}

function replace(value: string, operator: string, pattern: string, replacement: string): string | null {
  if (pattern === '' || !isLiteral(pattern) || !isLiteral(replacement)) return null
  if (operator === '//') return value.split(pattern).join(replacement)
  if (operator === '/') return value.replace(pattern, () => replacement)
  return null
}

function remove(value: string, operator: string, pattern: string): string | null {
  if (!isLiteral(pattern)) return null
  if (operator.startsWith('#')) return value.startsWith(pattern) ? value.slice(pattern.length) : value
  return value.endsWith(pattern) ? value.slice(0, value.length - pattern.length) : value
}

function changeCase(value: string, operator: string): string {
  if (operator === '^^') return value.toUpperCase()
  if (operator === ',,') return value.toLowerCase()
  const first = operator === '^' ? value.charAt(0).toUpperCase() : value.charAt(0).toLowerCase()
  return first + value.slice(1)
}
