/** Characters that lenient software takes for an ASCII one: by compatibility (NFKC), case mapping or best fit. */
const ASCII_TWINS: ReadonlyMap<string, string> = new Map([
  ['\u00a0', ' '],
  ['\u3000', ' '],
  ['\u0131', 'i'],
  ['\u0130', 'I'],
  ['\u017f', 's'],
  ['\u212a', 'K'],
  ['\u02b9', "'"],
  ['\u02bc', "'"],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u2032', "'"],
  ['\u2024', '.'],
  ['\ufe52', '.'],
  ['\u2044', '/'],
  ['\u2215', '/'],
  ['\u2216', '\\'],
  ['\u29f5', '\\'],
  ['\ufe68', '\\'],
  ['\ufe64', '<'],
  ['\ufe65', '>'],
  ['\ufe69', '$'],
  ['\ufe5b', '{'],
  ['\ufe5c', '}'],
])

const NON_ASCII = /[^\0-\x7f]/
const SINGLE =
  /[\u00a0\u0130\u0131\u017f\u02b9\u02bc\u2018\u2019\u2024\u2032\u2044\u212a\u2215\u2216\u29f5\u3000\ufe52-\ufe69\uff01-\uff5e\u24b6-\u24e9]/g
const MATHEMATICAL = /\ud835[\udc00-\udfff]/g

/** Spells fullwidth, circled and mathematical letters and other look-alikes in ASCII. Never longer than the text. */
export function replaceLookAlikes(text: string): string {
  return NON_ASCII.test(text) ? text.replace(SINGLE, asciiTwin).replace(MATHEMATICAL, compatible) : text
}

function asciiTwin(character: string): string {
  const code = character.charCodeAt(0)
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0)
  if (code >= 0x24b6 && code <= 0x24e9) return compatible(character)
  return ASCII_TWINS.get(character) ?? character
}

function compatible(character: string): string {
  const plain = character.normalize('NFKC')
  return NON_ASCII.test(plain) ? character : plain
}
