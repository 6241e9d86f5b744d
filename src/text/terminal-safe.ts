/** Controls (C0, DEL, C1), bidirectional and zero-width marks, line separators, lone surrogates, invisible tags. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu

/**
 * A text that an attacker wrote, made safe to print: whatever could steer a terminal, reorder or hide text or break the
 * line becomes a visible escape (`\x1b`, `\u202e`). Everything else stays as it is; the answer is one line.
 */
export function terminalSafe(text: string): string {
  return text.replace(UNSAFE, escapeCodePoint)
}

function escapeCodePoint(character: string): string {
  const code = character.codePointAt(0)!
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
