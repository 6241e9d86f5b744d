import type { Payload } from '../../events/tagger-event.js'
import { boundArgument, boundName } from '../bound-text.js'

/** An operation on a service, its name in lower case; an argument that says nothing is left out. Both are bounded. */
export function serviceOperation(service: string, operation: string, argument?: string | null): Payload {
  const head = { service, operation: boundName(operation.toLowerCase()) }
  return argument == null || argument === '' ? head : { ...head, argument: boundArgument(argument) }
}
