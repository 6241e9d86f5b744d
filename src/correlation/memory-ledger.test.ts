import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryLedger } from './memory-ledger.js'

describe('MemoryLedger', () => {
  it('lets the decky that has the most give up its oldest', () => {
    const ledger = new MemoryLedger<{ bytes: number; name: string }>(100)
    const holding = (name: string, bytes: number) => ({ name, bytes })
    const quiet = holding('quiet', 30)
    ledger.open('decky-01', quiet)
    const flood = [holding('flood 1', 25), holding('flood 2', 25), holding('flood 3', 25)]
    for (const one of flood) ledger.open('decky-02', one)
    expect(ledger.isOver).toBe(true)
    expect(ledger.first()?.name).toBe('flood 1')
    ledger.close('decky-02', flood[0]!)
    expect(ledger.isOver).toBe(false)
    expect(ledger.bytes).toBe(80)
  })

  it('books exactly what is held, however holdings come, grow and go', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('open', 'grow', 'close'), fc.nat(3), fc.nat(50)))
    fc.assert(
      fc.property(steps, (acts) => {
        const ledger = new MemoryLedger<{ bytes: number }>(1)
        const held: { decky: string; holding: { bytes: number } }[] = []
        for (const [act, decky, bytes] of acts) {
          if (act === 'open') {
            held.push({ decky: `${decky}`, holding: { bytes } })
            ledger.open(`${decky}`, held.at(-1)!.holding)
          } else if (held.length > 0) {
            const one = held[bytes % held.length]!
            if (act === 'grow') {
              one.holding.bytes += bytes
              ledger.charge(one.decky, bytes)
            } else {
              ledger.close(one.decky, one.holding)
              held.splice(held.indexOf(one), 1)
            }
          }
          expect(ledger.bytes).toBe(held.reduce((sum, { holding }) => sum + holding.bytes, 0))
          expect(ledger.first() === undefined).toBe(held.length === 0)
        }
      }),
    )
  })

  it('forgets a holding once, though it is closed twice', () => {
    const ledger = new MemoryLedger<{ bytes: number }>(10)
    const holding = { bytes: 5 }
    ledger.open(null, holding)
    ledger.close(null, holding)
    ledger.close(null, holding)
    expect(ledger.bytes).toBe(0)
  })
})
