import { z } from 'zod'
import type { Lifter } from '../tagging/lifter.js'
import { THRESHOLDS } from './numbers.js'
import { sessionEvidence, timelineOf } from './session-lift.js'
import { strength } from './strength.js'

const Parameters = z.strictObject(THRESHOLDS)

/** A login that was let in, and work after it: commands, files or forwardings. */
export const accountWork: Lifter = {
  name: 'account_work',
  handles: new Set(['session']),
  inputs: { session: ['phase', 'timeline'] },
  parameters: Parameters,
  basis: 'derived',
  lift(event, parameters) {
    const timeline = timelineOf(event)
    const login = timeline?.find((step) => step.kind === 'login' && step.success === true)
    if (timeline === null || login === undefined) return null
    const work = timeline.filter((step) => step.kind !== 'login' && step.seconds >= login.seconds).length
    const multiplier = strength(work, parameters as z.infer<typeof Parameters>)
    if (multiplier === null) return null
    return { multiplier, evidence: sessionEvidence(event, 'account_work', { steps_after_login: work }) }
  },
}
