import type { LineType } from '../json/typed-json-decoder.js'
import { fingerprintPayload, notificationPayload, triggerPayload } from './payloads.js'

/** The types of lines of our own form, and what becomes of each. */
export const CANARY_EVENTS: readonly LineType[] = [
  {
    name: 'canary.triggered',
    meaning: 'Somebody used a token: opened the document, looked up the name, signed in with the key.',
    observations: [{ sourceKind: 'canary', outcome: 'confirmed', payloads: triggerPayload }],
  },
  {
    name: 'canary.fingerprinted',
    meaning: "The script of a token's page reports on the browser that opened it.",
    observations: [{ sourceKind: 'canary_fingerprint', outcome: null, payloads: fingerprintPayload }],
  },
  { name: 'canary.placed', ignoredBecause: 'What an operator did.' },
  { name: 'canary.revoked', ignoredBecause: 'What an operator did.' },
]

/** The types of what Canarytokens sends, which names none itself. */
export const NOTIFICATIONS: readonly LineType[] = [
  {
    name: 'canarytokens.alert',
    meaning: 'Somebody used a token.',
    observations: [{ sourceKind: 'canary', outcome: 'confirmed', payloads: notificationPayload }],
  },
  { name: 'canarytokens.exposed', ignoredBecause: 'A key was found published: nobody has used it yet.' },
  { name: 'canarytokens.test', ignoredBecause: 'Sent when the address of a webhook is saved.' },
]
