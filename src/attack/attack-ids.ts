/** What each kind of ATT&CK id looks like; `T0…` and `TA01…` are ICS ids. */
export const TACTIC_ID = /^TA\d{4}$/
export const TECHNIQUE_ID = /^T\d{4}$/
export const SUB_TECHNIQUE_ID = /^T\d{4}\.\d{3}$/

/** The release that the few ICS techniques are of which honeypots show. */
export const ICS_RELEASE = 'ics-18.1'

/** Whether an id is that of an ICS technique. */
export function isIcsTechnique(id: string): boolean {
  return id.startsWith('T0')
}

/** The technique that a sub-technique id belongs to; null for anything that is not a sub-technique id. */
export function parentIdOf(id: string): string | null {
  return SUB_TECHNIQUE_ID.test(id) ? id.slice(0, id.indexOf('.')) : null
}

/** Whether two ids name the same technique, or one the parent of the other. Two children of one parent are not family. */
export function sameFamily(a: string, b: string): boolean {
  return a === b || parentIdOf(a) === b || parentIdOf(b) === a
}

/** The page of a technique or sub-technique on attack.mitre.org. */
export function techniqueUrl(id: string): string {
  return `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`
}

/** The page of a tactic on attack.mitre.org. */
export function tacticUrl(id: string): string {
  return `https://attack.mitre.org/tactics/${id}/`
}
