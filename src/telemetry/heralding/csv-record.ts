const QUOTE = '"'

/** The fields of a record, or that a quoted field is still open at the end of the text. */
export type CsvRecord = { readonly kind: 'whole'; readonly fields: readonly string[] } | { readonly kind: 'open' }

const OPEN: CsvRecord = Object.freeze({ kind: 'open' })

/**
 * Reads one line of comma-separated values (RFC 4180): a field may stand in quotes, in which a doubled quote is one. A
 * quote inside a field that has not begun with one is text, and so is what follows a closing quote. Never throws; linear
 * time.
 */
export function readCsvRecord(line: string): CsvRecord {
  const fields: string[] = []
  for (let at = 0; at <= line.length; at++) {
    let field = ''
    if (line[at] === QUOTE) {
      const close = closingQuote(line, at + 1)
      if (close === null) return OPEN
      field = line.slice(at + 1, close).replaceAll('""', '"')
      at = close + 1
    }
    const comma = line.indexOf(',', at)
    const end = comma < 0 ? line.length : comma
    fields.push(field + line.slice(at, end))
    at = end
  }
  return { kind: 'whole', fields }
}

/** Whether a quoted field that an earlier line left open ends on this one. */
export function closesOpenField(line: string): boolean {
  const close = closingQuote(line, 0)
  return close !== null && readCsvRecord(line.slice(close + 1)).kind === 'whole'
}

/** Where the quote stands that ends a quoted field whose text begins at `at`, or null. */
function closingQuote(line: string, at: number): number | null {
  let quote = line.indexOf(QUOTE, at)
  while (quote >= 0 && line[quote + 1] === QUOTE) quote = line.indexOf(QUOTE, quote + 2)
  return quote < 0 ? null : quote
}
