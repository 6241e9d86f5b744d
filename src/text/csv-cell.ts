const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/
/** What makes a spreadsheet take a cell for a formula (OWASP: CSV injection); full-width forms included. */
const FORMULA_START = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/**
 * A text as one cell of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets a `'` in front, so
 * it is shown instead.
 */
export function csvCell(text: string): string {
  const inert = FORMULA_START.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
