/** The records of a CSV text (RFC 4180), each a list of its cells. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  for (const [, quoted, plain, separator] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (separator === '' && record.length === 0 && !quoted && !plain) break
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (separator === ',') continue
    records.push(record)
    record = []
  }
  return records
}
