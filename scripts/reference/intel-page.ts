import type { AttackCatalogue } from '../../src/attack/attack-catalogue.js'
import { PROVIDERS, type ProviderTable, providerTable } from '../../src/intel/provider-tables.js'
import type { CompiledRule } from '../../src/rules/compiled-rule.js'
import { mostSpecificId } from '../../src/tagging/tag.js'
import { code, codeBlock, page, table } from './markdown.js'

/** What becomes of the verdicts of third parties. */
export function intelPage(rules: readonly CompiledRule[], catalogue: AttackCatalogue): string {
  return page(
    '# Verdicts of third parties',
    `The format \`intel\` reads answers of AbuseIPDB, GreyNoise, Feodo Tracker and ThreatFox: give the files to
\`tag --intel\`, or name the format with \`--format intel\`. It is privileged: no log is ever taken for it, since whoever can
write a verdict can say anything about anybody. [Use verdicts](../guides/use-verdicts.md) shows how to fetch answers.`,
    '## What is read',
    `A file holds JSON objects, one a line, printed over several lines, one behind the other or as the items of a list;
of at most 8 MiB each, and any number of them. Which provider an object is from is told by its fields:`,
    table(
      ['provider', 'answers', 'time of the verdict'],
      [
        [
          'AbuseIPDB',
          'API v2: `check`, best with `verbose`, which names the categories; `blacklist`',
          '`lastReportedAt`, else the latest `reportedAt`',
        ],
        [
          'GreyNoise',
          'API v3 of one address or several; Community API; context and RIOT of API v2',
          '`last_seen_timestamp`, `last_seen`, `first_seen`; of a service `last_updated`',
        ],
        ['Feodo Tracker', 'the JSON blocklists', '`last_online`, else `first_seen`'],
        [
          'ThreatFox',
          'API: `search_ioc` and other lists of indicators; the JSON exports. Only `ip:port`, and URLs whose host is an address',
          '`last_seen`, else `first_seen`',
        ],
      ],
    ),
    `Where an answer does not tell its address or its time, an envelope does. What the answer itself tells comes first, so
an answer that was fetched twice is one verdict. \`provider\` may be left out.`,
    codeBlock(
      'json',
      '{"provider": "greynoise", "address": "192.0.2.10", "fetched_at": "2026-11-20T06:00:00Z", "answer": {"riot": true}}',
    ),
    `An answer without address or time is refused. One that says that nothing is known (\`abuseConfidenceScore\` 0,
\`noise\` and \`riot\` false, \`query_status\` \`no_result\`) is passed over; one that is an error, such as that of too many
requests, is told. Nothing is kept of an answer but provider, address, time, score, classification, categories and the
name of a malware family: comments, host names and the like stay behind.`,
    '## What is stated',
    `Each verdict is an event of the kind \`intel\` and may become tags of the basis \`asserted\`: somebody says so. A
category stands for techniques by the tables below; one that is not there stands for nothing. The confidence is that of the
table × the normalised score; below 0.3 there is no tag. Of two categories that stand for one technique the better one
counts, and a technique is left out where one of its sub-techniques is stated. That an address is listed as a
command-and-control server or as a host of malware describes the source, not what it did here: at most 0.6.`,
    `R0058 states again what a provider says who calls an attacker malicious, where another provider does so, too. It does
not matter when either said so, which came first or how often: each such verdict is stated once. Whoever trusts two
providers and not one disables R0054 to R0057. Malicious is what GreyNoise classifies so, and for the others a score from
the one that the table names.`,
    ...PROVIDERS.flatMap((provider) => tableOf(providerTable(provider), rules, catalogue)),
    '## What readers see',
    `An attacker whose latest verdict of GreyNoise is *benign* is a known scanner or a service that many use. The summary,
CSV and timeline of a run with \`--intel\` show ${providerTable('greynoise').benign_factor} × the confidence of what patterns saw of it in single events, and
say so. What was concluded from several events stands. JSON lines and the database keep the confidence as it was stated: a
later verdict may say otherwise. Of verdicts of one time the one with the greater id counts.`,
  )
}

function tableOf(
  { title, version, reviewed, score, malicious_from: maliciousFrom, categories, provider }: ProviderTable,
  rules: readonly CompiledRule[],
  catalogue: AttackCatalogue,
): readonly string[] {
  const rule = rules.find(({ match }) => match.kind === 'lifter' && match.parameters.provider === provider)!
  const base = new Map(rule.emissions.map((emission) => [mostSpecificId(emission), emission.confidence]))
  const rows = categories.flatMap(({ category, with: other, name, techniques }) =>
    Object.entries(techniques).map(([id, weight]) => [
      other === undefined ? code(category) : `${code(category)} with ${code(other)}`,
      name,
      `${id} ${catalogue.technique(id)!.name}`,
      (base.get(id)! * weight).toFixed(2),
    ]),
  )
  const malicious = maliciousFrom === undefined ? '' : ` Malicious from ${maliciousFrom}.`
  return [
    `### ${title}`,
    `${rule.ruleId}. Score: ${score}.${malicious} Table version ${version}, reviewed ${reviewed}.`,
    table(['category', 'meaning', 'technique', 'confidence'], rows),
  ]
}
