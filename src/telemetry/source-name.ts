import { isIP } from 'node:net'

/** What some programs write into the name of a file, or of its folders, and nowhere else. */
export interface NamedDelivery {
  /** Of the client that a file is about. */
  readonly address: string
  /** The day, as `2026-11-20`. */
  readonly day: string
  /** What tells the file from all others. */
  readonly id: string
}

const HOUR = /(?<!\d)(\d{4})[-_](\d{2})[-_](\d{2})(?:[-_T](\d{2}))?(?!\d)/

/** The hour, or the day, that a file is named after, as an ISO 8601 time in UTC: `dockerapi.2375.2026_11_20_08.log`. */
export function timeInName(sourceName: string | undefined): string | null {
  const found = HOUR.exec(partsOf(sourceName).at(-1) ?? '')
  return found === null ? null : `${found[1]}-${found[2]}-${found[3]}T${found[4] ?? '00'}:00:00Z`
}

/** The delivery that a file of the form `2026-11-20/203.0.113.7/ID.eml` holds; null for any other name. */
export function deliveryInName(sourceName: string | undefined): NamedDelivery | null {
  const [day = '', address = '', file = ''] = partsOf(sourceName).slice(-3)
  const id = /^([\w-]{1,64})\.eml$/i.exec(file)?.[1]
  return id === undefined || isIP(address) === 0 || !/^\d{4}-\d{2}-\d{2}$/.test(day) ? null : { address, day, id }
}

function partsOf(sourceName: string | undefined): readonly string[] {
  return (sourceName ?? '').split(/[\\/]/)
}
