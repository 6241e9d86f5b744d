/** The second kind opens with an exclamation mark and a version: MySQL runs its content. Neither can run past an asterisk. */
const COMMENT = /\/\*(?:!\d{0,6}([^*]*)|[\w\s+-]*)\*\//g

/**
 * Makes SQL comments what the database takes them for: a space, or their content where MySQL would run it. A comment that
 * holds more than words stays, or else an attacker could hide the rest of a request in one. Never longer than the text.
 */
export function openSqlComments(text: string): string {
  return text.includes('/*') ? text.replace(COMMENT, commentMeaning) : text
}

function commentMeaning(_comment: string, executed: string | undefined): string {
  return executed === undefined ? ' ' : ` ${executed} `
}
