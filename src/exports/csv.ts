import type { Tag } from '../tagging/tag.js'
import { csvCell } from '../text/csv-cell.js'
import { type TagRow, tagRow } from './tag-row.js'

/** The columns of a tag's row, in order; `evidence` is JSON text, `evidence_excerpt` the part that a person reads. */
const COLUMNS = [
  'uuid',
  'source_kind',
  'source_id',
  'attacker_uuid',
  'identity_uuid',
  'session_id',
  'decky_id',
  'source_ip',
  'tactic',
  'technique_id',
  'sub_technique_id',
  'confidence',
  'rule_id',
  'rule_version',
  'basis',
  'outcome',
  'evidence_excerpt',
  'evidence',
  'attack_release',
  'observed_at',
  'created_at',
] as const

const LINE_END = '\r\n'

/** The header line of the CSV form (RFC 4180). */
export function tagCsvHeader(): string {
  return COLUMNS.join(',') + LINE_END
}

/** A tag as one record of CSV, safe to open in a spreadsheet. Null is the empty cell. */
export function tagToCsv(tag: Tag, createdAt: string | null = null): string {
  const row = tagRow(tag, createdAt)
  return COLUMNS.map((column) => csvCell(cellText(row, column))).join(',') + LINE_END
}

function cellText(row: TagRow, column: (typeof COLUMNS)[number]): string {
  if (column === 'evidence_excerpt') return typeof row.evidence.excerpt === 'string' ? row.evidence.excerpt : ''
  const value = row[column]
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
}
