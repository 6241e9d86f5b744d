/** A subject, a pattern or a token of one that cannot be used; the message says which part and what is allowed. */
export class SubjectError extends Error {
  override readonly name = 'SubjectError'
}

const LONGEST_TOKEN = 200

/** No dot, no wildcard, no space of any alphabet, no control, format or surrogate character. */
const TOKEN = /^[^.*>\p{C}\p{Z}]+$/u

/** Whether a text can stand between two dots of a subject. */
export function isSubjectToken(text: string): boolean {
  return text.length <= LONGEST_TOKEN && TOKEN.test(text)
}

/**
 * The text itself, if it can stand between two dots of a subject.
 *
 * @param what names the value in the error
 * @throws SubjectError
 */
export function subjectToken(text: string, what: string): string {
  if (isSubjectToken(text)) return text
  throw new SubjectError(
    `${JSON.stringify(text.slice(0, LONGEST_TOKEN))} cannot be the ${what} in a subject: it takes 1 to ${LONGEST_TOKEN} ` +
      `characters without dots, spaces, wildcards (* and >) or control characters.`,
  )
}
