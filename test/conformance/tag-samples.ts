import type { Tag } from '../../src/tagging/tag.js'

const NAMES = { attacker: 'a7e1', source: '50c1', tag: '7a61' } as const

/** A made-up id that looks like those of the kind. */
export function idOf(kind: keyof typeof NAMES, index: number): string {
  return `0d0f2f3c-${NAMES[kind]}-5d57-a8d3-${index.toString(16).padStart(12, '0')}`
}

/** A tag whose id follows from its index, seen `index` seconds after midnight. */
export function sampleTag(index: number, changes: Partial<Tag> = {}): Tag {
  return {
    uuid: idOf('tag', index),
    sourceKind: 'command',
    sourceId: idOf('source', index),
    attackerUuid: idOf('attacker', 1),
    identityUuid: null,
    sessionId: 'session-1',
    deckyId: 'decky-01',
    sourceIp: '192.0.2.1',
    tactic: 'TA0007',
    techniqueId: 'T1083',
    subTechniqueId: null,
    confidence: 0.8,
    ruleId: 'R0015',
    ruleVersion: 1,
    basis: 'observed',
    outcome: 'emulated',
    evidence: { matches: [], excerpt: `find / -name "${index}" 😀`, observables: {} },
    attackRelease: 'enterprise-19.1',
    observedAt: new Date(Date.UTC(2026, 0, 2) + index * 1000),
    ...changes,
  }
}

/** `count` different tags, from index `first` on. */
export function sampleTags(count: number, first = 1): readonly Tag[] {
  return Array.from({ length: count }, (_, index) => sampleTag(first + index))
}
