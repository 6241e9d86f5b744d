import { memoiseText } from '../collections/memoise-text.js'

/** The names of time zones are short. */
const LONGEST_NAME = 64

/**
 * How far a time zone is from UTC at an instant, in minutes to the east; null for what is no time zone. By the time zone
 * data of this Node.js.
 */
export function zoneOffset(timeZone: string, at: Date): number | null {
  const format = formatOf(timeZone).format
  if (format === null || Number.isNaN(at.getTime())) return null
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  if (name === 'GMT') return 0
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})(?::\d{2})?$/.exec(name) ?? []
  if (hours === undefined) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const formatOf = memoiseText(
  (timeZone): { readonly format: Intl.DateTimeFormat | null } => {
    try {
      return { format: new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }) }
    } catch {
      return { format: null }
    }
  },
  { entries: 128, maxLength: LONGEST_NAME },
)

/**
 * Hours between a clock, given in minutes to the east of UTC, and the nearest clock of a country at an instant; null where
 * nothing is known of the country.
 */
export function hoursFromCountry(offset: number, country: string, at: Date): number | null {
  const distances = zonesOf(country).zones.flatMap((zone) => {
    const there = zoneOffset(zone, at)
    return there === null ? [] : [Math.abs(offset - there) / 60]
  })
  return distances.length === 0 ? null : Math.min(...distances)
}

const zonesOf = memoiseText(
  (country): { readonly zones: readonly string[] } => {
    try {
      const locale = new Intl.Locale('und', { region: country })
      // A code that was given up is taken for that of its successor.
      return { zones: locale.region === country ? regionZones(locale) : [] }
    } catch {
      return { zones: [] }
    }
  },
  { entries: 512, maxLength: 2 },
)

/** A method in newer releases of Node.js, a property in older ones; TypeScript knows neither. */
function regionZones(locale: Intl.Locale): readonly string[] {
  const { getTimeZones, timeZones } = locale as {
    readonly getTimeZones?: () => readonly string[] | undefined
    readonly timeZones?: readonly string[]
  }
  return getTimeZones?.call(locale) ?? timeZones ?? []
}

/** Countries that a time zone is a clock of; none for what is no time zone of a country. */
export function countriesOfZone(timeZone: string): readonly string[] {
  return zoneCountries().get(canonicalZone(timeZone)) ?? []
}

/** Zones that browsers show who keep their clock to themselves, wherever they are. */
const NEUTRAL_ZONE = /^(?:UTC|GMT|Etc\/.{1,16}|Atlantic\/Reykjavik)$/

/** Whether a time zone says nothing of where somebody is. */
export function isNeutralZone(timeZone: string): boolean {
  return NEUTRAL_ZONE.test(timeZone)
}

/** One spelling for all names of a zone: browsers and data do not agree on which of them they use. */
function canonicalZone(timeZone: string): string {
  return formatOf(timeZone).format?.resolvedOptions().timeZone ?? timeZone
}

let countriesByZone: ReadonlyMap<string, readonly string[]> | undefined

function zoneCountries(): ReadonlyMap<string, readonly string[]> {
  if (countriesByZone !== undefined) return countriesByZone
  const countries = new Map<string, string[]>()
  for (const country of allCountries()) {
    for (const zone of zonesOf(country).zones.map(canonicalZone)) {
      const known = countries.get(zone)
      if (known === undefined) countries.set(zone, [country])
      else known.push(country)
    }
  }
  countriesByZone = countries
  return countries
}

/** All codes of two letters: those that are none have no time zones. */
function allCountries(): readonly string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters.flatMap((first) => letters.map((second) => first + second))
}
