/** The text itself, or where it is longer than `limit` characters its head and its tail, three to one. */
export function capText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const tail = Math.floor(limit / 4)
  return text.slice(0, limit - tail) + text.slice(text.length - tail)
}
