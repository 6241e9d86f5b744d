const WORD = 4_294_967_296

/**
 * A hash of a text: an integer from 0 to 2^53 - 1 whose every bit depends on every character. Two texts in 4096 share
 * one with a probability of about 1 in 10^9. Not for security: who wants a collision can make one.
 */
export function hashText(text: string): number {
  let low = 0x9e3779b9 ^ text.length
  let high = 0x7f4a7c15
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high + code, 0x85ebca6b)
    high ^= high >>> 15
  }
  low = mix(low ^ (high >>> 7))
  high = mix(high ^ low)
  return (high & 0x1fffff) * WORD + (low >>> 0)
}

/** Spreads every bit of a word over all of it (finaliser of xor-shifts and odd multiplications). */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16)
}
