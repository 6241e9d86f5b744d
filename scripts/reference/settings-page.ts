import { Settings } from '../../src/config/config.js'
import { code, page, table } from './markdown.js'
import { keysOf } from './type-name.js'

/** Every setting, from its schema. */
export function settingsPage(): string {
  const defaults = Settings.parse({}) as Readonly<Record<string, unknown>>
  const rows = keysOf(Settings).map(({ name, description }) => [
    code(name),
    code(`DECNET_TTP_${name.toUpperCase()}`),
    defaultOf(defaults[name]),
    description,
  ])
  return page(
    '# Settings',
    `Defaults, then \`decnet-ttp.yaml\` in the working folder, then the environment, then options; the later one wins. An
unknown key in the file is an error. In the environment a list is one text with commas between its items.`,
    table(['key', 'environment', 'default', 'meaning'], rows),
  )
}

function defaultOf(value: unknown): string {
  if (value === undefined) return '–'
  return Array.isArray(value) ? 'none' : code(String(value))
}
