import type { Lifter } from '../tagging/lifter.js'
import { accountWork } from './account-work.js'
import { behavioral } from './behavioral.js'
import { bulkRead } from './bulk-read.js'
import { canaryFingerprint } from './canary-fingerprint.js'
import { credential } from './credential.js'
import { discoveryBurst } from './discovery-burst.js'
import { email } from './email.js'
import { identity } from './identity.js'
import { intel } from './intel.js'
import { knownFile } from './known-file.js'
import { signature } from './signature.js'
import { traceRemoval } from './trace-removal.js'
import { transferExecution } from './transfer-execution.js'

/** The lifters of this release. */
export const LIFTERS: readonly Lifter[] = [
  credential,
  identity,
  behavioral,
  accountWork,
  transferExecution,
  discoveryBurst,
  bulkRead,
  traceRemoval,
  email,
  knownFile,
  signature,
  intel,
  canaryFingerprint,
]
