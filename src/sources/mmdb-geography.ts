import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isIP } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { Reader, type Response } from 'mmdb-lib'
import { plainAddress } from '../events/address.js'
import { countryCode, type Geography } from '../geography/geography.js'
import { isJsonObject, type JsonObject } from '../telemetry/json/json-fields.js'
import { GeographyError } from './geography-error.js'

/** What is set: a path of an `.mmdb` file, or the name of an installed package that holds one. */
export interface GeographySettings {
  readonly country_database?: string | undefined
  readonly network_database?: string | undefined
}

/**
 * The geography of MaxMind DB files: of MaxMind itself (GeoLite2-Country, -City, -ASN), and of those who use its form with
 * fields of their own (`country_code`, `autonomous_system_number`, `asn`). A file is read once, whole.
 *
 * @param directory where relative paths and packages are looked for
 * @throws GeographyError
 */
export function openMmdbGeography(settings: GeographySettings, directory = process.cwd()): Geography {
  const countries = open('country_database', settings.country_database, directory)
  const networks = open('network_database', settings.network_database, directory)
  return {
    countryOf: (address) => countryOf(countries?.find(address) ?? null),
    autonomousSystemOf: (address) => autonomousSystemOf(networks?.find(address) ?? null),
  }
}

function countryOf(record: JsonObject | null): string | null {
  if (record === null) return null
  const country = isJsonObject(record.country) ? record.country.iso_code : (record.country_code ?? record.country)
  return typeof country === 'string' ? countryCode(country) : null
}

function autonomousSystemOf(record: JsonObject | null): number | null {
  if (record === null) return null
  const value = record.autonomous_system_number ?? record.asn ?? record.as_number
  const number = typeof value === 'string' ? Number(value.replace(/^AS/i, '')) : value
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : null
}

function open(setting: string, value: string | undefined, directory: string): Database | null {
  return value === undefined ? null : new Database(setting, findFile(setting, value, directory))
}

class Database {
  readonly #reader: Reader<Response>
  readonly #isIpv4Only: boolean

  constructor(setting: string, path: string) {
    try {
      this.#reader = new Reader<Response>(readFileSync(path))
    } catch (error) {
      throw new GeographyError(
        `${setting}: ${path} cannot be read as a MaxMind DB file: ${firstLine(error)}. Name an .mmdb file, unpacked.`,
      )
    }
    this.#isIpv4Only = this.#reader.metadata.ipVersion === 4
  }

  /** What stands of an address; null for what is none, or where a damaged file cannot tell. */
  find(address: string): JsonObject | null {
    const plain = plainAddress(address)
    const version = isIP(plain)
    if (version === 0 || (version === 6 && this.#isIpv4Only)) return null
    try {
      const record: unknown = this.#reader.get(plain)
      return isJsonObject(record) ? record : null
    } catch {
      return null
    }
  }
}

const REMEDY =
  'Name the path of an .mmdb file, or a package that holds one, such as @ip-location-db/geo-whois-asn-country-mmdb.'

/** The file that a setting means: itself where there is one of that name, else one of the package of that name. */
function findFile(setting: string, value: string, directory: string): string {
  const path = resolve(directory, value)
  const stats = existsSync(path) ? statSync(path) : undefined
  if (stats?.isFile()) return path
  if (stats?.isDirectory()) throw new GeographyError(`${setting}: ${path} is a folder. ${REMEDY}`)
  const isName = PACKAGE_NAME.test(value)
  const folder = isName ? findPackage(value, directory) : null
  if (folder === null) {
    const neither = isName ? `, and no package ${JSON.stringify(value)} is installed` : ''
    throw new GeographyError(`${setting}: there is no file ${path}${neither}. ${REMEDY}`)
  }
  return fileOfPackage(setting, folder)
}

const PACKAGE_NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i

/** The folder of a package, as the working directory or this program would import it; null where there is none. */
function findPackage(name: string, directory: string): string | null {
  for (const from of [join(directory, 'package.json'), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve(`${name}/package.json`))
    } catch {}
  }
  return null
}

/** Packages give a file for each version of the protocol and one for both, which has the shortest name. */
function fileOfPackage(setting: string, folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.mmdb'))
  const [file] = files.sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
  if (file === undefined)
    throw new GeographyError(`${setting}: the package in ${folder} holds no .mmdb file. ${REMEDY}`)
  return join(folder, file)
}

function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
}
