/** Lays out rows in columns as wide as their widest cell. Columns whose header starts with `>` are set to the right. */
export function renderTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const isRight = headers.map((header) => header.startsWith('>'))
  const titles = headers.map((header, column) => (isRight[column] ? header.slice(1) : header))
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) =>
        isRight[column] ? (cells[column] ?? '').padStart(width) : (cells[column] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd()
  return [line(titles), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** One line of at most `length` characters, safe to print: control characters are written out. */
export function oneLine(text: string, length = 160): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => JSON.stringify(character).slice(1, -1))
  return safe.length <= length ? safe : `${safe.slice(0, length - 1)}…`
}
