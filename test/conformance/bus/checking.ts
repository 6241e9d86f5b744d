import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'

/** Whether a bus answers. */
export function describeChecking({ open }: BusConformance): void {
  it('answers while it is there, and refuses when it is closed', async () => {
    const bus = await open()
    await bus.check()
    await bus.close()
    await expect(bus.check()).rejects.toMatchObject({ name: 'BusClosedError' })
  })
}
