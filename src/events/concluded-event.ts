import type { TaggerEvent } from './tagger-event.js'

/** Whether an event was concluded from several, here or elsewhere: it tells again what others told already. */
export function isConcluded({ sourceKind, payload }: Pick<TaggerEvent, 'sourceKind' | 'payload'>): boolean {
  if (sourceKind === 'session') return payload.phase === 'whole' || payload.phase === 'activity'
  if (sourceKind === 'intel') return payload.scope === 'confirmed'
  return sourceKind === 'credential' || sourceKind === 'identity'
}
