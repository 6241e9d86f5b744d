import type { Place } from './fold-disguise.js'

/** By which encodings a body is read: what its content type says, or where that says nothing, what it looks like. */
export function bodyPlace(body: string, contentType: string): Place {
  const type = contentType.slice(0, 256).toLowerCase()
  if (type.includes('form-urlencoded')) return 'form'
  if (type.includes('json')) return 'json'
  if (type !== '') return 'text'
  const first = body.slice(0, 64).trimStart().charAt(0)
  if (first === '{' || first === '[') return 'json'
  if (first === '<' || first === '-') return 'text'
  const head = body.slice(0, 1024)
  return head.includes('=') || !head.includes(' ') ? 'form' : 'text'
}
