import { decodeEntities } from './entities.js'
import { MOST_LINKS } from './mail-limits.js'

/** A link as a reader of the mail meets it. */
export interface Link {
  readonly target: string
  /** What stands where the reader clicks, entities decoded; empty for an image and in plain text. */
  readonly shown: string
}

/** What a mail's HTML shows and holds. */
export interface HtmlReading {
  /** What a reader sees, tags taken out, entities decoded. */
  readonly text: string
  readonly links: readonly Link[]
  readonly images: number
  readonly hasPasswordField: boolean
  /** Whether text is there that no reader sees. */
  readonly hasHiddenText: boolean
}

/** Elements whose content is not shown. */
const UNSHOWN = ['script', 'style', 'title', 'head']

const HIDDEN =
  /font-size:\s?0(?:px|pt|em)?\s?[;"']|display:\s?none|visibility:\s?hidden|max-height:\s?0(?:px)?\s?[;"']/i

/** Reads HTML in one pass, time linear in its length. Never throws: what is malformed is read as browsers would. */
export function readHtml(html: string): HtmlReading {
  const text: string[] = []
  const ends = new ElementEnds(html)
  const links: Link[] = []
  let anchor: { target: string; from: number } | null = null
  let images = 0
  let hasPasswordField = false
  let hasHiddenText = false
  const closeAnchor = () => {
    if (anchor === null) return
    const shown = decodeEntities(text.slice(anchor.from).join('')).trim()
    if (links.length < MOST_LINKS) links.push({ target: anchor.target, shown })
    anchor = null
  }
  let position = 0
  while (position < html.length) {
    const open = html.indexOf('<', position)
    if (open < 0) break
    text.push(html.slice(position, open))
    if (html.startsWith('<!--', open)) {
      position = endOf(html, '-->', open + 4)
      continue
    }
    const close = endOf(html, '>', open)
    const tag = html.slice(open + 1, close - 1)
    const name = tagName(tag)
    position = close
    if (UNSHOWN.includes(name)) position = ends.find(name, close)
    else if (name === 'a') {
      closeAnchor()
      anchor = { target: decodeEntities(attribute(tag, 'href')).trim(), from: text.length }
    } else if (name === '/a') closeAnchor()
    else if (name === 'area') links.push({ target: decodeEntities(attribute(tag, 'href')).trim(), shown: '' })
    else if (name === 'img') images++
    else if (name === 'input') hasPasswordField ||= attribute(tag, 'type').toLowerCase() === 'password'
    hasHiddenText ||= HIDDEN.test(tag.slice(0, 2000))
    if (BREAKING.has(name)) text.push(' ')
  }
  text.push(html.slice(position))
  closeAnchor()
  const shown = decodeEntities(text.join(''))
  const known = links.filter(({ target }) => target !== '').slice(0, MOST_LINKS)
  return { text: shown, links: known, images, hasPasswordField, hasHiddenText }
}

/** Tags that part words. */
const BREAKING: ReadonlySet<string> = new Set(
  ['br', 'p', 'div', 'td', 'tr', 'li', 'table', 'h1', 'h2', 'h3', 'h4'].flatMap((name) => [name, `/${name}`]),
)

function tagName(tag: string): string {
  return /^\/?[a-z0-9]{1,20}/i.exec(tag)?.[0].toLowerCase() ?? ''
}

/** Behind the next occurrence, or at the end. */
function endOf(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from)
  return found < 0 ? html.length : found + mark.length
}

/** Finds where elements end whose content is not shown, each character looked at once for each kind of element. */
class ElementEnds {
  readonly #html: string
  readonly #unclosed = new Set<string>()

  constructor(html: string) {
    this.#html = html
  }

  /** Where the content of an element ends that begins here; where nothing closes it, it is taken to be empty. */
  find(name: string, from: number): number {
    if (this.#unclosed.has(name)) return from
    const closing = new RegExp(`</${name}`, 'gi')
    closing.lastIndex = from
    const found = closing.exec(this.#html)
    if (found === null) this.#unclosed.add(name)
    return found?.index ?? from
  }
}

/** The value of an attribute, entities not decoded; empty if there is none. */
function attribute(tag: string, name: string): string {
  const bounded = tag.slice(0, LONGEST_TAG)
  const found = ATTRIBUTES[name]!.exec(bounded)
  if (found === null) return ''
  const rest = bounded.slice(found.index + found[0].length)
  const quote = rest[0]
  if (quote === '"' || quote === "'") return rest.slice(1, endOf(rest, quote, 1)).replace(/["']$/, '')
  return /^[^\s>]{0,4096}/.exec(rest)![0]
}

const LONGEST_TAG = 8192
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  href: /[\s"'/]href\s{0,3}=\s{0,3}/i,
  type: /[\s"'/]type\s{0,3}=\s{0,3}/i,
}
