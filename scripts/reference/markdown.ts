/** First line of every generated page. */
export const GENERATED = '<!-- Written by `npm run generate`. Change the code that it describes, not this page. -->'

/** A Markdown table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** The parts of a page, a blank line between them. */
export function page(...parts: readonly string[]): string {
  return `${[GENERATED, ...parts].join('\n\n')}\n`
}

export function code(text: string): string {
  return `\`${text}\``
}

export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}

/** A bar would end the cell, a line feed the row. */
function cell(markdown: string): string {
  return markdown.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
