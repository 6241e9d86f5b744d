/** The number that `length` hex digits at `start` spell, or -1 where one of them is no hex digit. */
export function hexNumber(text: string, start: number, length: number): number {
  let value = 0
  for (let index = start; index < start + length; index++) {
    const digit = hexDigit(text.charCodeAt(index))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** The value of one hex digit, or -1; NaN, which stands for the end of a text, is no digit. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

/** Whether a number is a code point that stands for a character by itself. */
export function isCharacter(codePoint: number): boolean {
  return codePoint >= 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff)
}
