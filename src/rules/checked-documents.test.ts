import { describe, expect, it } from 'vitest'
import { type RuleParts, ruleSource } from '../../test/support/rule-text.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { checkDocuments } from './checked-documents.js'
import { compileRule } from './compile-rule.js'
import { contentHash } from './content-hash.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: true }

function kept(...sources: ReturnType<typeof ruleSource>[]) {
  return JSON.parse(JSON.stringify(checkDocuments(sources, context))) as ReturnType<typeof checkDocuments>
}

function treeOf({ rule }: ReturnType<typeof compileRule>) {
  return rule?.match.kind === 'condition' ? rule.match.condition.tree : null
}

describe('checkDocuments', () => {
  it.each<RuleParts>([
    { extra: 'tests:\n  match: [wget x]\nevidence_fields: [command_text]\n' },
    {
      match: String.raw`{ all: [{ field: command_text, pattern: '(?:a|b)\s+c' }, { not: { field: command_text, one_of: [x] } }] }`,
    },
    { extra: 'disabled: too noisy\n' },
    { appliesTo: 'http_request', match: '{ field: headers.host, cidr: [10.0.0.0/8] }' },
  ])('keeps what gives the same rule as its text does: %j', (parts) => {
    const source = ruleSource(parts)
    const documents = kept(source)
    const fromText = compileRule(source, { ...context, withSamples: false, checked: null })
    const asked: string[] = []
    const fromDocument = compileRule(source, {
      ...context,
      withSamples: false,
      checked: (text) => {
        asked.push(text)
        return documents[contentHash(text)]
      },
    })
    expect(asked).toEqual([source.text])
    expect(documents[contentHash(source.text)]).toBeDefined()
    expect(treeOf(fromDocument)).toEqual(treeOf(fromText))
    const { match: _match, ...rest } = fromDocument.rule!
    expect(fromText.rule).toMatchObject(rest)
  })

  it('keeps no rule with a fault or a warning, and knows no text that differs', () => {
    const good = ruleSource()
    const documents = kept(good, ruleSource({ emits: '{ tactic: TA0011, technique_id: T9999, confidence: 0.9 }' }))
    expect(Object.keys(documents)).toEqual([contentHash(good.text)])
    expect(documents[contentHash(`${good.text} `)]).toBeUndefined()
  })
})
