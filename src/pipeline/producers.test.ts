import { describe, expect, it } from 'vitest'
import { sourceKind } from '../events/source-kinds.js'
import { resolveField } from '../rules/fields.js'
import { findLogFormat } from '../telemetry/formats.js'
import { PRODUCERS } from './producers.js'

describe('PRODUCERS', () => {
  it('leaves out the format that says anything about anybody', () => {
    expect(PRODUCERS.length).toBeGreaterThan(0)
    expect(PRODUCERS).not.toContain(findLogFormat('events'))
  })

  it('names no field twice, and none that its source kind does not have', () => {
    for (const { name, produces } of PRODUCERS) {
      for (const [kind, fields] of Object.entries(produces)) {
        expect(new Set(fields).size, `${name} ${kind}`).toBe(fields.length)
        const { shape } = sourceKind(kind)!.payload
        const isKnown = (field: string) => field in shape || resolveField(kind, field) !== undefined
        expect(
          fields.filter((field) => !isKnown(field)),
          `${name} ${kind}`,
        ).toEqual([])
      }
    }
  })
})
