import { isIPv4 } from 'node:net'
import { isPublicAddress, networkPrefix, plainAddress } from '../events/address.js'
import { isSpokenIn, languageOf } from '../geography/languages.js'
import { countriesOfZone, hoursFromCountry, isNeutralZone, zoneOffset } from '../geography/time-zones.js'
import type { BrowserSign } from './browser-signs.js'
import type { BrowserPlace, Sighting } from './sighting.js'
import type { Signals } from './signals.js'

/** A clock so many hours from all clocks of a country is not in it, whatever a neighbour's summer time says. */
const FAR_HOURS = 3

/** What tells that a browser is somewhere else than its requests come from. */
export function routeSigns({ signals, place }: Sighting): Partial<Record<BrowserSign, boolean>> {
  const country = countryOfSource(place)
  const clock = country === null ? null : clockOf(signals, place.at)
  const isFar = country !== null && clock !== null && isFarFrom(clock, country, place.at)
  const found = otherAddresses(signals, place)
  return {
    ...webrtcSigns(found, place),
    webrtc_fits_time_zone:
      isFar && found.some(({ address }) => isNear(clock, place.geography.countryOf(address), place.at)),
    time_zone_far: isFar,
    ...languageSigns(signals, country),
  }
}

function countryOfSource({ country, sourceIp, geography }: BrowserPlace): string | null {
  return country ?? (sourceIp === null ? null : geography.countryOf(sourceIp))
}

/** Minutes to the east of UTC; null where nothing is told, or only what careful browsers of all places tell. */
function clockOf({ time_zone: zone }: Signals, at: Date): number | null {
  return zone === undefined || isNeutralZone(zone) ? null : zoneOffset(zone, at)
}

function isFarFrom(clock: number, country: string, at: Date): boolean {
  const hours = hoursFromCountry(clock, country, at)
  return hours !== null && hours > FAR_HOURS
}

function isNear(clock: number | null, country: string | null, at: Date): boolean {
  return clock !== null && country !== null && hoursFromCountry(clock, country, at) === 0
}

/** An address of the browser that is not in the network of the source. */
interface OtherAddress {
  readonly address: string
  /** The autonomous system that it is in; null where only its prefix tells it from the source. */
  readonly system: number | null
}

/**
 * Public addresses in other networks. A private address alone says nothing, and a link-local one neither. Whoever has
 * addresses of both versions of the protocol may have them in unlike prefixes, so across them only what a database says
 * of both counts.
 */
function otherAddresses({ webrtc_addresses: addresses = [] }: Signals, place: BrowserPlace): readonly OtherAddress[] {
  const { sourceIp, geography } = place
  if (sourceIp === null || !isPublicAddress(sourceIp)) return []
  const own = place.autonomousSystem ?? geography.autonomousSystemOf(sourceIp)
  return addresses.filter(isPublicAddress).flatMap((address): readonly OtherAddress[] => {
    const system = geography.autonomousSystemOf(address)
    if (own !== null && system !== null) return own === system ? [] : [{ address, system }]
    const prefix = networkPrefix(address)
    const isAlike = isIPv4(plainAddress(address)) === isIPv4(plainAddress(sourceIp))
    return prefix === null || !isAlike || prefix === networkPrefix(sourceIp) ? [] : [{ address, system }]
  })
}

function webrtcSigns(found: readonly OtherAddress[], place: BrowserPlace): Partial<Record<BrowserSign, boolean>> {
  const country = countryOfSource(place)
  const countries = found.map(({ address }) => place.geography.countryOf(address))
  return {
    webrtc_other_network: found.length > 0,
    webrtc_several_networks: new Set(found.flatMap(({ system }) => system ?? [])).size > 1,
    webrtc_other_country: country !== null && countries.some((other) => other !== null && other !== country),
  }
}

/** English is spoken by visitors of all countries, so a list with it says nothing. */
function languageSigns({ languages = [], time_zone: zone = '' }: Signals, country: string | null) {
  const spoken = languages.flatMap((tag) => languageOf(tag) ?? [])
  if (country === null || spoken.length === 0 || spoken.includes('en')) return {}
  const isForeign = spoken.every((language) => isSpokenIn(language, country) === false)
  const homes = isForeign ? countriesOfZone(zone) : []
  return {
    language_foreign: isForeign,
    language_fits_time_zone: homes.some(
      (home) => home !== country && spoken.some((language) => isSpokenIn(language, home) === true),
    ),
  }
}
