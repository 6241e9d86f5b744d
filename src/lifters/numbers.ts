import { z } from 'zod'
import type { Payload } from '../events/tagger-event.js'

const count = z.number().int().positive()

/** From which count a rule holds, and from which count it is as sure as its emissions say. */
export const THRESHOLDS = { least: count, sure: count }

/** A number of the payload; 0 where it is not there. */
export function numberOf(payload: Payload, field: string): number {
  const value = payload[field]
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

/** A list of texts of the payload; none where it is not there. */
export function textsOf(payload: Payload, field: string): string[] {
  const value = payload[field]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}

/** Those of the payload's numbers that are there, by their names. */
export function numbersOf(payload: Payload, fields: readonly string[]): Record<string, number> {
  const present = fields.filter((field) => typeof payload[field] === 'number')
  return Object.fromEntries(present.map((field) => [field, payload[field] as number]))
}
