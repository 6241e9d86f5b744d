import { findAssignedSecrets } from './secrets/assigned-secrets.js'
import { scanCommands } from './secrets/command-scan.js'
import { findEncodedSecrets } from './secrets/encoded-secrets.js'
import { foldText } from './secrets/folded-text.js'
import { findHeaderValues } from './secrets/header-values.js'
import { findKnownTokens } from './secrets/known-tokens.js'
import { findNamedValues } from './secrets/named-values.js'
import { findOptionValues } from './secrets/option-values.js'
import { findPipedPasswords } from './secrets/piped-passwords.js'
import { findPositionalSecrets } from './secrets/positional-secrets.js'
import { MASK, maskSpans, mergeSpans, type SecretFinder, type SecretSpan } from './secrets/secret-span.js'
import { findUserInfo } from './secrets/user-info.js'

const MAX_PASSES = 4
/** How many encodings inside each other are undone. */
const MAX_ENCODINGS = 4

/** Names of programs that take secrets. Letters only: such an alternation is tested fastest. */
const PROGRAM_HINT =
  /passw|sshpass|mysql|mariadb|curl|ftp|user|zip|7z|rar|ssl|redis|keydb|ldap|mongo|sql|bcp|ipmi|mosquitto|hydra|medusa|ncrack|exec|cme|nxc|winrm|smb|rpcc|rdp|rdesk|plink|pscp|snmp|wmic|login|send|net |su |sudo|kinit|crypt|gpg|xmr|miner/i
/** How those programs stand in a line where they do take one; tested where a program's name was found. */
const COMMAND_HINT =
  /passw|sshpass|<<| -[\w#]{0,12}[ub]|-user|-cookie|-oauth2|mysql|maria|ftp|user[am]|dduser|zip |7z|rar |ssl |-cli|ldap|mongo|sql |sqlcm|bcp |ipmi|quitto|hydra|medus|ncrac|apexe|texec|nxc |cme |winrm|smb|rpccl|freer|rdesk|plink|pscp|psftp|snmp|winexe|wmic |login |send |net us|\| ?su |sudo -|kinit|crypts|gpg |xmr|miner/is

/** One sort of secret, and what every text has in which it may be found. Most texts cost these tests alone. */
interface SecretSort {
  readonly hint: RegExp
  readonly find: SecretFinder
}

/** What a line has that undoes an encoding. */
const DECODER_HINT = /64|-[eE][nN][cC]|xxd|[hH][eE][xX]/

const SECRET_SORTS: readonly SecretSort[] = [
  { hint: /@/, find: findUserInfo },
  { hint: /auth|cookie|api|-token|vault|goog-|csrf/i, find: findHeaderValues },
  { hint: /pass|pwd|secret|credential|token|[inestg_-]key|identified/i, find: findNamedValues },
  {
    hint: /A[BCKS][CI]A|gh[opsur]_|_pat_|npm_|lpat-|ypi-|xox|eyJ|sk[_-]|ssh-|ecds|rk_|AIza|SG\.|bot\d|hooks|\$(?:[1-7y]|2[abxy]|apr1)\$|BEGIN/,
    find: findKnownTokens,
  },
  { hint: PROGRAM_HINT, find: findCommandSecrets },
]

/**
 * Replaces the secrets in a text that an attacker wrote by `***`: passwords, tokens, keys, cookies, in commands,
 * requests, URLs and assignments; also where quotes, backslashes and codes break up the words that announce them, where
 * they are the value of a variable, and inside base64 and hexadecimal. What is found depends on the text alone; time
 * grows linearly with its length; masking a masked text changes nothing. Works by the look of things, so a secret that
 * nothing announces stays.
 */
export function maskSecrets(text: string): string {
  let masked = text
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const spans = findSpans(masked, MAX_ENCODINGS)
    const again = spans.length === 0 ? masked : maskSpans(masked, spans)
    if (again === masked) return masked
    masked = again
  }
  // A masked text may look different to a finder, so it was masked again; one that keeps changing is masked whole.
  return MASK
}

/** The secrets that `maskSecrets` masks at first sight, spelled as in the text and in its order. */
export function findSecrets(text: string): readonly string[] {
  return mergeSpans(findSpans(text, MAX_ENCODINGS)).map(({ start, end }) => text.slice(start, end))
}

/** Most texts cost the hints alone. `encodings` tells how many more may be undone. */
function findSpans(text: string, encodings: number): readonly SecretSpan[] {
  const folded = foldText(text)
  if (!mayHoldSecrets(text) && !(folded && mayHoldSecrets(folded.text))) return NO_SPANS
  const spans = findPlainSpans(text, encodings)
  if (folded) {
    for (const span of findPlainSpans(folded.text, encodings)) spans.push(folded.sourceSpan(span))
  }
  return spans.length > 0 && text.includes('$') ? [...spans, ...findAssignedSecrets(text, mergeSpans(spans))] : spans
}

const NO_SPANS: readonly SecretSpan[] = []

function mayHoldSecrets(text: string): boolean {
  return DECODER_HINT.test(text) || SECRET_SORTS.some(({ hint }) => hint.test(text))
}

function findPlainSpans(text: string, encodings: number): SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const { hint, find } of SECRET_SORTS) {
    if (!hint.test(text)) continue
    for (const span of find(text)) spans.push(span)
  }
  if (encodings > 0 && DECODER_HINT.test(text)) {
    const holdsSecret = (hidden: string) => mergeSpans(findSpans(hidden, encodings - 1)).length > 0
    for (const span of findEncodedSecrets(text, holdsSecret)) spans.push(span)
  }
  return spans
}

function* findCommandSecrets(text: string): Generator<SecretSpan> {
  if (!COMMAND_HINT.test(text)) return
  for (const commands of scanCommands(text)) {
    yield* findOptionValues(text, commands)
    for (const command of commands) yield* findPositionalSecrets(text, command)
    yield* findPipedPasswords(text, commands)
  }
}
