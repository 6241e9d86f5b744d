import { numberOfBytes } from './networks.js'

/** How else an IPv4 address is written as a word: itself, and as one number in decimal and hexadecimal. */
export function addressSpellings(address: string): readonly string[] {
  const number = numberOfBytes(address.split('.').map(Number))
  const digits = number.toString(16).padStart(8, '0')
  return [address, String(number), digits, `0x${digits}`]
}

/**
 * The characters that stand for the text in any base64 that holds it, whatever comes before and after: one spelling for
 * each of the three alignments.
 */
export function encodedSpellings(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(' '.repeat(before) + text).toString('base64')
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6))
  })
}
