/** One part of a name from which an id is made: its length stands before it, so no text can look like a boundary. */
export function unambiguous(part: string | number | boolean | null): string {
  if (typeof part === 'string') return `${part.length}:${part}`
  return part === null ? '-' : `=${part};`
}
