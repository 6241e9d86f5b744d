import { memoiseText } from '../collections/memoise-text.js'

/**
 * Languages that many people of a country have their browser in, beside the one that most have. Where a country is not
 * listed, that one alone is known: so a match says little, and a mismatch says little more.
 */
const FURTHER_LANGUAGES: Readonly<Record<string, string>> = {
  AD: 'es fr pt',
  AE: 'en hi ur',
  AM: 'ru',
  AT: 'tr hr sr',
  AU: 'zh ar vi it el',
  AZ: 'ru tr',
  BA: 'hr sr',
  BE: 'nl fr de',
  BG: 'tr ru',
  BN: 'en zh',
  BO: 'qu ay',
  BR: 'es',
  BY: 'ru be',
  CA: 'fr zh pa',
  CH: 'de fr it rm pt',
  CY: 'tr el ru',
  CZ: 'sk uk vi',
  DE: 'tr ru ar pl uk',
  DK: 'sv de',
  DZ: 'fr',
  EE: 'ru',
  EG: 'fr',
  ES: 'ca gl eu ro ar',
  FI: 'sv ru et',
  FR: 'ar pt oc',
  GB: 'cy pl pa gd',
  GE: 'ru az',
  GR: 'sq',
  HK: 'zh',
  HU: 'de ro',
  ID: 'jv zh',
  IE: 'ga pl',
  IL: 'ar ru fr',
  IN: 'hi bn te mr ta ur gu kn ml pa or as',
  IQ: 'ku',
  IR: 'az ku',
  IT: 'de ro sq',
  KE: 'sw',
  KG: 'ru ky uz',
  KW: 'ur hi',
  KZ: 'ru kk',
  LB: 'fr',
  LK: 'ta si',
  LT: 'ru pl',
  LU: 'fr de lb pt',
  LV: 'ru',
  MA: 'fr es',
  MD: 'ru ro uk',
  ME: 'sr bs sq',
  MK: 'sq sr',
  MO: 'zh pt',
  MT: 'mt it',
  MY: 'zh ta ms',
  NA: 'af de',
  NG: 'ha yo ig',
  NL: 'tr de pl fy',
  NO: 'nb nn no sv pl',
  NZ: 'mi zh',
  PE: 'qu',
  PH: 'tl fil ceb',
  PK: 'ur pa sd',
  PL: 'uk ru de',
  PT: 'es',
  PY: 'gn es',
  QA: 'hi ur',
  RO: 'hu',
  RS: 'hu bs',
  RU: 'tt uk',
  RW: 'fr',
  SA: 'ur',
  SE: 'fi ar',
  SG: 'zh ms ta',
  SI: 'hr it',
  SK: 'hu cs',
  SN: 'fr',
  TJ: 'ru',
  TM: 'ru',
  TN: 'fr',
  TR: 'ku ar',
  TW: 'zh',
  TZ: 'sw',
  UA: 'ru',
  US: 'es zh vi fr ko',
  UZ: 'ru',
  VN: 'zh',
  ZA: 'af zu xh',
}

/** The language of a tag such as `de-AT`, in lower case; null for what is no tag of a language. */
export function languageOf(tag: string): string | null {
  return /^([a-z]{2,3})(?:$|[-_])/i.exec(tag)?.[1]?.toLowerCase() ?? null
}

/** Whether a language is spoken in a country by many; null where nothing is known of the country. */
export function isSpokenIn(language: string, country: string): boolean | null {
  const { languages } = languagesOf(country)
  return languages.size === 0 ? null : languages.has(language)
}

const languagesOf = memoiseText(
  (country): { readonly languages: ReadonlySet<string> } => {
    const further = Object.hasOwn(FURTHER_LANGUAGES, country) ? FURTHER_LANGUAGES[country]!.split(' ') : []
    const most = mostSpoken(country)
    // English is also what the data answers where it knows nothing.
    const isKnown = further.length > 0 || (most !== null && most !== 'en')
    return { languages: new Set(isKnown && most !== null ? [most, ...further] : []) }
  },
  { entries: 512, maxLength: 2 },
)

/** What the Unicode data of this Node.js says that most people of a country speak; null for what is no country. */
function mostSpoken(country: string): string | null {
  try {
    return new Intl.Locale('und', { region: country }).maximize().language
  } catch {
    return null
  }
}
