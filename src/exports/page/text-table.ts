import stringWidth from 'string-width'

export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Takes what the others leave; its cells are cut to fit. At most one column of a table does. */
  readonly stretches?: boolean
}

export interface TableCell {
  readonly text: string
  /** Colours the padded text; never changes its width. */
  readonly style?: (text: string) => string
}

export interface TextTable {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly TableCell[])[]
}

export interface TableLayout {
  /** Columns of the terminal. */
  readonly width: number
  readonly indent: string
  readonly header: (text: string) => string
}

const GAP = '  '

/** Lines of a table whose columns line up, by what a terminal shows (wide characters count two). */
export function layOutTable({ columns, rows }: TextTable, layout: TableLayout): readonly string[] {
  const widths = columnWidths({ columns, rows }, layout)
  const line = (cells: readonly TableCell[]) =>
    `${layout.indent}${cells.map((cell, index) => placeCell(cell, columns[index]!, widths[index]!)).join(GAP)}`.trimEnd()
  const titles = columns.map(({ title }) => ({ text: title, style: layout.header }))
  const hasTitles = columns.some(({ title }) => title !== '')
  return [...(hasTitles ? [line(titles)] : []), ...rows.map(line)]
}

function columnWidths({ columns, rows }: TextTable, layout: TableLayout): readonly number[] {
  const natural = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[index]?.text ?? ''))),
  )
  const used = natural.reduce((sum, width) => sum + width, layout.indent.length + GAP.length * (columns.length - 1))
  const excess = Math.max(0, used - layout.width)
  return natural.map((width, index) => (columns[index]!.stretches ? Math.max(8, width - excess) : width))
}

function placeCell({ text, style = (plain) => plain }: TableCell, { align }: TableColumn, width: number): string {
  const fitted = fitText(text, width)
  const padding = ' '.repeat(Math.max(0, width - stringWidth(fitted)))
  const shown = fitted === '' ? '' : style(fitted)
  return align === 'left' ? shown + padding : padding + shown
}

/** A text cut to a number of terminal columns, with `…` where something was cut off. */
export function fitText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let fitted = ''
  let used = 0
  for (const character of text) {
    used += stringWidth(character)
    if (used > width - 1) break
    fitted += character
  }
  return `${fitted}…`
}

/** The same, but the end of the text stays, too. */
export function fitTextMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  const characters = [...text]
  const head = fitCharacters(characters, Math.ceil((width - 1) / 2))
  const tail = fitCharacters(characters.reverse(), Math.floor((width - 1) / 2)).reverse()
  return `${head.join('')}…${tail.join('')}`
}

/** The first characters that fit into so many terminal columns. */
function fitCharacters(characters: readonly string[], width: number): string[] {
  let used = 0
  const end = characters.findIndex((character) => {
    used += stringWidth(character)
    return used > width
  })
  return characters.slice(0, end < 0 ? characters.length : end)
}
