import { scanCommands } from './secrets/command-scan.js'
import { findHeaderValues } from './secrets/header-values.js'
import { findKnownTokens } from './secrets/known-tokens.js'
import { findNamedValues } from './secrets/named-values.js'
import { findOptionValues } from './secrets/option-values.js'
import { findPipedPasswords } from './secrets/piped-passwords.js'
import { findPositionalSecrets } from './secrets/positional-secrets.js'
import { MASK, maskSpans, type SecretFinder, type SecretSpan } from './secrets/secret-span.js'
import { findUserInfo } from './secrets/user-info.js'

const MAX_PASSES = 4

/** Names of programs that take secrets. Letters only: such an alternation is tested fastest. */
const PROGRAM_HINT =
  /passw|sshpass|mysql|mariadb|curl|ftp|user|zip|7z|rar|ssl|redis|keydb|ldap|mongo|sql|bcp|ipmi|mosquitto|hydra|medusa|ncrack|exec|cme|nxc|winrm|smb|rpcc|rdp|rdesk|plink|pscp|snmp|wmic|login|send|net |su |sudo|kinit|crypt|gpg/i
/** How those programs stand in a line where they do take one; tested where a program's name was found. */
const COMMAND_HINT =
  /passw|sshpass|<<| -[uUb]|-user|-cookie|-oauth2|mysql|maria|ftp|user[am]|dduser|zip |7z|rar |ssl |-cli|ldap|mongo|sql |sqlcm|bcp |ipmi|quitto|hydra|medus|ncrac|apexe|texec|nxc |cme |winrm|smb|rpccl|freer|rdesk|plink|pscp|psftp|snmp|winexe|wmic |login |send |net us|\| ?su |sudo -|kinit|crypts|gpg /is

/** One sort of secret, and what every text has in which it may be found. Most texts cost these tests alone. */
interface SecretSort {
  readonly hint: RegExp
  readonly find: SecretFinder
}

const SECRET_SORTS: readonly SecretSort[] = [
  { hint: /@/, find: findUserInfo },
  { hint: /auth|cookie|api|-token|vault|goog-|csrf/i, find: findHeaderValues },
  { hint: /pass|pwd|secret|credential|token|[inestg_-]key|identified/i, find: findNamedValues },
  {
    hint: /A[BCKS][CI]A|gh[opsur]_|_pat_|npm_|lpat-|ypi-|xox|eyJ|sk[_-]|ssh-|ecds|rk_|AIza|SG\.|bot\d|hooks|\$[1-7ya]|BEGIN/,
    find: findKnownTokens,
  },
  { hint: PROGRAM_HINT, find: findCommandSecrets },
]

/**
 * Replaces the secrets in a text that an attacker wrote by `***`: passwords, tokens, keys, cookies, in commands,
 * requests, URLs and assignments. What is found depends on the text alone; time grows linearly with its length;
 * masking a masked text changes nothing. Works by the look of things, so a secret that nothing announces stays.
 */
export function maskSecrets(text: string): string {
  return SECRET_SORTS.some(({ hint }) => hint.test(text)) ? maskUntilStable(text) : text
}

/** A masked text may look different to a finder, so it is masked again; one that keeps changing is masked whole. */
function maskUntilStable(text: string): string {
  let masked = text
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const again = maskSpans(masked, findSecrets(masked))
    if (again === masked) return masked
    masked = again
  }
  return MASK
}

function findSecrets(text: string): SecretSpan[] {
  const spans: SecretSpan[] = []
  for (const { hint, find } of SECRET_SORTS) {
    if (!hint.test(text)) continue
    for (const span of find(text)) spans.push(span)
  }
  return spans
}

function* findCommandSecrets(text: string): Generator<SecretSpan> {
  if (!COMMAND_HINT.test(text)) return
  for (const commands of scanCommands(text)) {
    for (const command of commands) {
      yield* findOptionValues(text, command)
      yield* findPositionalSecrets(text, command)
    }
    yield* findPipedPasswords(text, commands)
  }
}
