/** Deeper nesting than this stays as it was written: it bounds the work to this many passes over the text. */
const DEEPEST_NESTING = 16
const LONGEST_NAME = 64

/**
 * Takes off the `${…}` tricks that spell a text without writing it, as Log4j resolves them: `${lower:j}`, `${upper:j}`,
 * `${::-j}`, `${env:NOTHING:-j}`, `${date:'j'}`, nested. An expression that does something (`${jndi:…}`) stays.
 * Never longer than the text; one pass.
 */
export function resolveLookups(text: string): string {
  if (!text.includes('${')) return text
  const open: string[] = []
  let current = ''
  let copied = 0
  for (let index = text.indexOf('${'); index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 36 && text.charCodeAt(index + 1) === 123 && open.length < DEEPEST_NESTING) {
      open.push(current + text.slice(copied, index))
      current = ''
      copied = index + 2
      index++
    } else if (code === 125 && open.length > 0) {
      current = open.pop()! + resolveLookup(current + text.slice(copied, index))
      copied = index + 1
    }
  }
  return [...open, current + text.slice(copied)].join('${')
}

const CASE_CHANGE = /^\s*(?:lower|upper)\s*:/i
const DIRECTORY_LOOKUP = /^\s*jndi/i
const QUOTED_DATE = /^\s*date\s*:\s*'([^']*)'$/i

function resolveLookup(expression: string): string {
  const caseChange = CASE_CHANGE.exec(expression)
  if (caseChange !== null) return expression.slice(caseChange[0].length)
  const fallback = DIRECTORY_LOOKUP.test(expression) ? -1 : expression.indexOf(':-')
  if (fallback >= 0 && fallback <= LONGEST_NAME) return expression.slice(fallback + 2)
  return QUOTED_DATE.exec(expression)?.[1] ?? `\${${expression}}`
}
