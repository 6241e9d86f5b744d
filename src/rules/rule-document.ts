import { z } from 'zod'
import { LONGEST_REASON } from './rule-state.js'

/** The rule file's keys and their shapes. `match` has a grammar of its own: see `parse-match.ts`. */

export const RULE_ID = /^[A-Za-z0-9_]+$/

const techniqueId = z.string().regex(/^T\d{4}$/, 'a technique id looks like T1059')
const subTechniqueId = z.string().regex(/^T\d{4}\.\d{3}$/, 'a sub-technique id looks like T1059.004')

export const EmissionDocument = z.strictObject({
  tactic: z
    .string()
    .regex(/^TA\d{4}$/, 'a tactic id looks like TA0007')
    .describe('Tactic that the act serves.'),
  technique_id: techniqueId.describe('Technique, without its part.'),
  sub_technique_id: subTechniqueId.optional().describe('The part, where the observation supports one.'),
  confidence: z
    .number()
    .min(0.3, 'a confidence below 0.3 is dropped, so the rule would say nothing')
    .max(1)
    .describe('Probability, 0.3 to 1, that an expert accepts this id for this event. Never severity.'),
})
export type EmissionDocument = z.infer<typeof EmissionDocument>

const Sample = z.union([z.string(), z.record(z.string(), z.unknown())])

export const RuleDocument = z.strictObject({
  rule_id: z.string().regex(RULE_ID, 'a rule id has letters, digits and underscores only').describe('Stable id.'),
  rule_version: z.number().int().min(1).describe('Raised with every change of what the rule states.'),
  name: z
    .string()
    .regex(/^[a-z0-9_]+$/, 'a name is in snake_case')
    .describe('Short name in snake_case.'),
  attack_release: z
    .string()
    .regex(/^enterprise-\d+\.\d+$/, 'a release looks like enterprise-19.1')
    .describe('ATT&CK release that the rule was written for.'),
  description: z.string().min(1).describe('One sentence: what the rule sees.'),
  disabled: z
    .string()
    .min(1)
    .max(LONGEST_REASON)
    .optional()
    .describe('Why the rule is disabled until an operator enables it; left out, it runs.'),
  references: z.array(z.string()).optional().describe('Where to read more.'),
  applies_to: z.array(z.string()).min(1).describe('Source kinds that the rule looks at.'),
  match: z.record(z.string(), z.unknown()).describe('The condition, or the lifter that decides.'),
  emits: z.array(EmissionDocument).min(1).describe('Techniques that every match states.'),
  evidence_fields: z.array(z.string()).optional().describe('Payload fields that the evidence may quote.'),
  tests: z
    .strictObject({
      match: z.array(Sample).optional().describe('Samples that the rule must match.'),
      no_match: z.array(Sample).optional().describe('Samples that it must not match.'),
    })
    .optional()
    .describe('Samples: a command line as text, or a payload as a mapping.'),
})
export type RuleDocument = z.infer<typeof RuleDocument>
