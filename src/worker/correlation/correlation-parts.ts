import type { ConsumerProgress } from '../../bus/bus.js'
import type { CorrelationOptions } from '../../correlation/correlation-options.js'
import type { IdentityMembership } from '../../correlation/identity-membership.js'
import type { EventPipeline } from '../../pipeline/event-pipeline.js'
import type { Database } from '../../storage/database.js'
import type { TaggingLog } from '../../tagging/tolerant-tagger.js'
import type { BatchKeeper } from '../batch-keeper.js'
import type { EventJudge } from '../event-judge.js'

export interface CorrelationParts {
  readonly database: Database
  readonly pipeline: EventPipeline
  readonly judge: EventJudge
  readonly keeper: BatchKeeper
  readonly membership: IdentityMembership
  /** Hashes secrets; the same for all workers of a swarm. */
  readonly secretKey: string
  readonly correlation: CorrelationOptions
  /** How far all taggers have come in the stream of events. */
  readonly progress: () => Promise<ConsumerProgress>
  readonly log: TaggingLog
  /** How long the role lasts without a sign of its holder, in milliseconds. */
  readonly leaseDuration?: number
  /** Where nothing comes for so long, and nothing is on its way, event time passes by itself; 15,000 ms unless set. */
  readonly quietAfter?: number
}
