import type { createColors } from 'picocolors'
import type { AttackCatalogue } from '../../attack/attack-catalogue.js'
import type { TableLayout } from './text-table.js'

/** What a page looks names up in. */
export type PageCatalogue = Pick<AttackCatalogue, 'release' | 'tactics' | 'technique'>

/** What every section of a page needs. */
export interface Page {
  /** Columns of the terminal. */
  readonly width: number
  readonly colours: ReturnType<typeof createColors>
  readonly catalogue: PageCatalogue
  readonly layout: TableLayout
}

/** From here on a page has room for what is nice to know. */
export const WIDE = 110
/** Below it names matter more than times. */
export const ROOMY = 90

/** A section under its title, or nothing if it has no lines. A title goes into the header of a table that leaves room. */
export function section(page: Page, title: string, lines: readonly string[], note = ''): readonly string[] {
  const [first, ...rest] = lines
  if (first === undefined) return []
  const { bold, dim } = page.colours
  const heading = note === '' ? bold(title) : `${bold(title)}  ${dim(note)}`
  const length = title.length + (note === '' ? 0 : note.length + 2)
  const hasRoom = first.startsWith(' '.repeat(length + 2))
  return ['', ...(hasRoom ? [heading + first.slice(length)] : [heading, first]), ...rest]
}
