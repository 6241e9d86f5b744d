import { InvalidArgumentError } from 'commander'

/** A number above zero, as an option has it. */
export function parsePositive(text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new InvalidArgumentError('Write a number above zero.')
}
