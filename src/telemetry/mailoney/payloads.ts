import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import type { JsonLine } from '../json/json-line.js'
import { serviceOperation } from '../operations/service-operation.js'
import { smtpOperations } from '../operations/smtp-operations.js'
import { pathOf, plainLogin, readSmtpCommand } from './smtp-command.js'

/** Every field that some builder below gives, by the source kind that it is for. */
export const MAILONEY_FIELDS = {
  service_op: ['service', 'operation', 'argument'],
  auth_attempt: ['service', 'username', 'password', 'method'],
} as const satisfies ProducedFields

const SERVICE = 'smtp'

/** The command that a line tells, without the address that a mail is from or for. */
export function operationPayloads(line: JsonLine): readonly Payload[] {
  const command = readSmtpCommand(line.text('data') ?? '')
  if (command === null) return []
  const { verb, argument } = command
  switch (verb) {
    case 'ehlo':
    case 'helo':
      return smtpOperations({ helo: argument, mailFrom: undefined, recipients: [] })
    case 'mail':
      return smtpOperations({ helo: undefined, mailFrom: pathOf(argument), recipients: [] })
    case 'rcpt':
      return smtpOperations({ helo: undefined, mailFrom: undefined, recipients: [pathOf(argument)] })
    case 'vrfy':
    case 'expn':
      return [serviceOperation(SERVICE, verb, argument)]
    case 'auth':
      return [serviceOperation(SERVICE, verb, mechanismOf(argument))]
    default:
      return [serviceOperation(SERVICE, verb)]
  }
}

/** The login that one line tells whole. The dialogue of `AUTH LOGIN` is spread over lines that look like any text. */
export function loginPayloads(line: JsonLine): readonly Payload[] {
  const data = line.text('data') ?? ''
  const command = /^\s{0,9}auth\s/i.test(data) ? readSmtpCommand(data) : null
  const login = command === null ? null : plainLogin(command.argument)
  return login === null ? [] : [{ service: SERVICE, method: 'password', ...login }]
}

/** `PLAIN`, `LOGIN`, …; what follows is a secret. */
function mechanismOf(argument: string): string {
  return /^[A-Za-z0-9-]{0,20}/.exec(argument)![0].toLowerCase()
}
