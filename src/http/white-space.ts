const INVISIBLE = /[\0\u00ad\u200b-\u200d\u2060\ufeff]/g
const CONTROL = /[\x01-\x1f\x7f]/g
const CONTROL_WITHIN_LINES = /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/g

/** Browsers skip control characters inside a scheme: `java<tab>script:`. */
const SPLIT_SCHEME =
  /(?:j[\0-\x1f]{0,8}a[\0-\x1f]{0,8}v[\0-\x1f]{0,8}a|v[\0-\x1f]{0,8}b)[\0-\x1f]{0,8}s[\0-\x1f]{0,8}c[\0-\x1f]{0,8}r[\0-\x1f]{0,8}i[\0-\x1f]{0,8}p[\0-\x1f]{0,8}t[\0-\x1f]{0,8}:/gi
const ANY_CONTROL = /[\0-\x1f]/g

/**
 * Takes out characters that a reader skips (NUL, zero-width ones) and makes the other control characters a space.
 * With `keepLines`, line breaks and tabs stay what they are. Never longer than the text.
 */
export function foldWhiteSpace(text: string, keepLines: boolean): string {
  const joined = text.includes(':') ? text.replace(SPLIT_SCHEME, withoutControl) : text
  return joined.replace(INVISIBLE, '').replace(keepLines ? CONTROL_WITHIN_LINES : CONTROL, ' ')
}

function withoutControl(scheme: string): string {
  return scheme.replace(ANY_CONTROL, '')
}
