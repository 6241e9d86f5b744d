import { z } from 'zod'
import type { Payload } from '../events/tagger-event.js'

const count = z.number().int().positive()

/** From which count a rule holds, and from which count it is as sure as its emissions say. */
export const THRESHOLDS = { least: count, sure: count }

/** A count of the payload; 0 where it is not there or is none. */
export function countOf(payload: Payload, field: string): number {
  const value = payload[field]
  return isCount(value) ? value : 0
}

/** Those of the payload's counts that are there, by their names. */
export function countsOf(payload: Payload, fields: readonly string[]): Record<string, number> {
  return pick(payload, fields, isCount)
}

/** Those of the payload's numbers that are there, by their names: counts, durations, shares. */
export function measuresOf(payload: Payload, fields: readonly string[]): Record<string, number> {
  return pick(payload, fields, Number.isFinite)
}

/** A list of texts of the payload; none where it is not there. */
export function textsOf(payload: Payload, field: string): string[] {
  const value = payload[field]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function pick(payload: Payload, fields: readonly string[], fits: (value: unknown) => boolean): Record<string, number> {
  const present = fields.filter((field) => fits(payload[field]))
  return Object.fromEntries(present.map((field) => [field, payload[field] as number]))
}
