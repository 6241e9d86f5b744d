import { z } from 'zod'
import { THRESHOLDS } from './numbers.js'
import { sessionLifter } from './session-lifter.js'
import { strength } from './strength.js'

/** A login that was let in, and work after it: commands, files or forwardings. */
export const accountWork = sessionLifter({
  name: 'account_work',
  parameters: z.strictObject(THRESHOLDS),
  see(timeline, thresholds) {
    const login = timeline.find((step) => step.kind === 'login' && step.success === true)
    if (login === undefined) return null
    const work = timeline.filter((step) => step.kind !== 'login' && step.seconds >= login.seconds).length
    const multiplier = strength(work, thresholds)
    return multiplier === null ? null : { multiplier, counts: { steps_after_login: work } }
  },
})
