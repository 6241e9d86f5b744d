import { setTimeout as delay } from 'node:timers/promises'
import type { RuleChange } from '../../src/rule-store/rule-store.js'

/** The next changes that a reader sees, in words; refusals are passed over. */
export async function takeChanges(changes: AsyncIterableIterator<RuleChange>, count: number): Promise<string[]> {
  const told: string[] = []
  while (told.length < count) {
    const { value, done } = await changes.next()
    if (done === true) throw new Error(`the subscription ended after ${told.join(', ')}`)
    if (value.kind !== 'rejected') told.push(inWords(value))
  }
  return told
}

function inWords(change: Exclude<RuleChange, { kind: 'rejected' }>): string {
  switch (change.kind) {
    case 'definition':
      return `definition ${change.ruleId} v${change.rule.ruleVersion}`
    case 'removed':
      return `removed ${change.ruleId}`
    case 'state':
      return `state ${change.ruleId} ${change.state.state}`
  }
}

/** Waits for something that comes by itself. The test's own time limit ends a wait in vain; so does this, with words. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  describe: () => string = () => 'what was waited for did not come',
): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(describe())
    await delay(5)
  }
}
