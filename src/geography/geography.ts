/** What is known of where an address lies. A port: databases stand behind it, and nothing where there are none. */
export interface Geography {
  /** The country that the address is used in: two capital letters of ISO 3166-1; null where it is not known. */
  countryOf(address: string): string | null
  /** The number of the autonomous system that announces the address; null where it is not known. */
  autonomousSystemOf(address: string): number | null
}

/** Knows nothing: every check that needs more stays silent. */
export const NO_GEOGRAPHY: Geography = Object.freeze({ countryOf: () => null, autonomousSystemOf: () => null })

/** A code of a country as it is compared: two capital letters; null for what is none. */
export function countryCode(text: string): string | null {
  return /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : null
}
