import type { RuleIssueCode } from '../../src/rules/rule-issue.js'

/**
 * What each issue code means. The type makes this list complete; null stands for a code that this release never reports.
 */
export const ISSUE_MEANINGS: Readonly<Record<RuleIssueCode, string | null>> = {
  'file-name': 'A YAML file whose name keeps it from being read: letters, digits and underscores only.',
  unreadable: 'The file cannot be read, or is longer than 262,144 characters.',
  'yaml-syntax': 'The text is not valid YAML.',
  'yaml-shape': 'The YAML is not one mapping.',
  'missing-key': 'A required key, or the `field` of a leaf, is not there.',
  'unknown-key': 'A key that the place does not have; also a key beside `all`, `any`, `not` or `segment`.',
  'wrong-type': 'A value of the wrong type: a number for a text, one condition for a list of them.',
  'bad-value':
    'A value of the right type that cannot be: an id of the wrong form, a confidence below 0.3, a bad network.',
  'unknown-source-kind': 'A source kind that this release does not have.',
  'unknown-field': 'A field that the source kind, or a segment, does not have.',
  'unknown-operator': 'A leaf with an unknown operator, with none, or with more than one.',
  'operator-mismatch':
    'An operator that does not fit the type of the field; `segment:` for another kind than `command`.',
  'bad-pattern': 'A pattern that RE2 does not accept, such as one with a lookaround.',
  'unknown-lifter': 'A lifter that is not there.',
  'bad-lifter-parameter': 'A parameter that the lifter refuses, or a source kind that it does not handle.',
  'unknown-technique': 'A technique or sub-technique that the bundled ATT&CK release does not have.',
  'revoked-technique': 'An id that ATT&CK has revoked; the remedy names its successor.',
  'deprecated-technique': 'An id that ATT&CK has deprecated.',
  'unknown-tactic': 'A tactic that the bundled release does not have.',
  'tactic-mismatch': 'A tactic that does not hold the technique; the remedy names those that do.',
  'parent-mismatch': 'A `sub_technique_id` that is no part of the `technique_id` beside it.',
  'repeated-technique': 'One technique twice in one rule.',
  'duplicate-rule-id': 'A `rule_id` that another file has; the first file in the order of names is used.',
  'version-unchanged': 'Warning: a running rule was changed, and its `rule_version` was not raised.',
  'release-translated': 'Warning: the rule was written for another ATT&CK release and its ids were translated.',
  'release-untranslatable': 'The rule was written for another release, and an id has no single successor.',
  'test-shape': 'A sample that is a text, in a rule that sees no command lines.',
  'no-producer':
    'Warning: no [log format](producers.md) gives a field or source kind that the rule cannot do without. It can fire on `events` only.',
}
