import type { Provider } from '../../intel/provider-tables.js'
import type { JsonFields } from '../json/json-fields.js'
import type { VerdictReading } from './verdict-reading.js'

/** How the answers of one provider look. Neither function throws, whatever an answer holds. */
export interface AnswerShape {
  readonly provider: Provider
  /** Whether an answer is one of the provider's. */
  fits(answer: JsonFields): boolean
  read(answer: JsonFields, reading: VerdictReading): void
}
