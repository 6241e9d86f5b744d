import { parseNetwork } from '../text/networks.js'

/** What an operator asks of a field's value. */
export type OperatorFamily = 'text' | 'number' | 'presence' | 'network'

export interface Operator {
  readonly family: OperatorFamily
  readonly description: string
}

/** Every leaf operator of the rule language. */
export const OPERATORS = {
  pattern: { family: 'text', description: 'RE2 pattern found anywhere in the text.' },
  contains: { family: 'text', description: 'The text contains the value.' },
  starts_with: { family: 'text', description: 'The text starts with the value.' },
  ends_with: { family: 'text', description: 'The text ends with the value.' },
  equals: { family: 'text', description: 'The whole text is the value.' },
  one_of: { family: 'text', description: 'The whole text is one of the values.' },
  exists: { family: 'presence', description: 'Whether the event has the field at all.' },
  gt: { family: 'number', description: 'Greater than the number.' },
  gte: { family: 'number', description: 'Greater than or equal to the number.' },
  lt: { family: 'number', description: 'Less than the number.' },
  lte: { family: 'number', description: 'Less than or equal to the number.' },
  cidr: { family: 'network', description: 'The text is an address inside the network.' },
} as const satisfies Record<string, Operator>

export type OperatorName = keyof typeof OPERATORS
/** Text operators that look for a part of the text, and so become a pattern. */
export type PatternOperator = 'pattern' | 'contains' | 'starts_with' | 'ends_with'
/** Text operators that compare the whole text. */
export type WholeTextOperator = 'equals' | 'one_of'
export type NumberOperator = 'gt' | 'gte' | 'lt' | 'lte'

export function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name)
}

export const NUMBER_COMPARISONS: Readonly<Record<NumberOperator, (value: number, bound: number) => boolean>> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
}

/** Whether the text is a network in CIDR notation, IPv4 or IPv6. */
export function isCidr(text: string): boolean {
  return text.includes('/') && parseNetwork(text) !== null
}
