import type { EvidenceMatch, Observables } from '../../events/source-kinds.js'
import type { EventFields } from '../../rules/event-fields.js'
import type { CommandViews, Segment } from '../../shell/command-views.js'
import type { OwnAddresses } from '../../text/own-addresses.js'
import { excerptAround } from '../../text/truncate.js'
import type { Evidence } from '../tag.js'
import { type MaskedCommand, maskCommand } from './masked-command.js'
import { ObservableCollector } from './observables.js'
import type { Quotation } from './quotation.js'

/** Longest excerpt, in characters. */
const MAX_EXCERPT = 512

/** Programs whose first plain argument names a host, with or without a scheme. */
const NETWORK_PROGRAMS = new Set([
  'wget',
  'curl',
  'tftp',
  'ftpget',
  'ftpput',
  'ftp',
  'nc',
  'ncat',
  'ssh',
  'scp',
  'telnet',
])

/** Evidence of a command: where the rule matched, a bounded excerpt with secrets masked, and what to pivot on. */
export function commandEvidence(fields: EventFields, own: OwnAddresses): (quotation: Quotation) => Evidence {
  const command = fields.command
  if (command === null) return ({ matches }) => ({ matches, excerpt: '', observables: {} })
  let masked: MaskedCommand | undefined
  let observables: Observables | undefined
  let shown: string | undefined
  return ({ matches, may }) => {
    masked ??= maskCommand(command)
    observables ??= commandObservables(command, masked, own)
    shown ??= own.mask(masked.typed)
    const excerpt = may('command_text') ? excerptOf(command, shown, matches[0]) : ''
    return { matches, excerpt, observables }
  }
}

/** The part of the masked line that the first match stands in. Masked as a whole first: a part hides what is secret. */
function excerptOf(command: CommandViews, masked: string, match: EvidenceMatch | undefined): string {
  if (masked.length <= MAX_EXCERPT) return masked
  const segment = match?.segment == null ? undefined : command.segments[match.segment]
  const program = segment?.decodedIndex === null ? segment.name : ''
  const at = program === '' ? 0 : Math.max(masked.indexOf(program), 0)
  return excerptAround(masked, at, at + program.length, MAX_EXCERPT)
}

function commandObservables(command: CommandViews, { readings }: MaskedCommand, own: OwnAddresses): Observables {
  const collector = new ObservableCollector(own)
  for (const { masked, original } of readings) collector.addText(masked, original)
  for (const segment of command.segments) {
    for (const host of networkHosts(segment)) {
      // A secret that looks like a host stands in no masked reading.
      if (readings.some(({ masked }) => masked.includes(host))) collector.addHost(host)
    }
  }
  return collector.collect()
}

/** Endings of files, none of which is a top-level domain that attackers use. */
const FILE_NAME =
  /\.(?:sh|txt|py|pl|gz|tgz|zip|tar|xz|bz2|7z|rar|bin|elf|out|so|exe|dll|bat|ps1|php\d?|jsp|asp|aspx|html?|js|json|xml|ya?ml|cfg|conf|ini|log|db|sql|bak|tmp|jpe?g|png|gif|ico|svg|css|pdf|docx?|xlsx?|pem|key|pub|crt|x86(?:_64)?|x64|i[3-6]86|amd64|arm\d?|armv\dl?|arm64|aarch64|mips(?:el|64)?|mpsl|ppc(?:64)?|powerpc|sparc|spc|sh4|m68k|arc|riscv)$/i

function* networkHosts({ name, argv }: Segment): Generator<string> {
  if (!NETWORK_PROGRAMS.has(name)) return
  for (const argument of argv.slice(1)) {
    if (argument.startsWith('-') || argument.includes('://')) continue
    const host = /^(?:[^@/\s]{1,64}@)?([A-Za-z0-9._-]{4,253})(?=[:/]|$)/.exec(argument)?.[1]
    const isBareFile = host !== undefined && !argument.includes('/') && FILE_NAME.test(host)
    if (host !== undefined && !isBareFile) yield host
  }
}
