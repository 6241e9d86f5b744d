const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,63}$/
const NO_FAMILY = /^unknown/i

/** The name of a malware family as a provider gives it; undefined for what is no name, or says that it is not known. */
export function familyName(text: unknown): string | undefined {
  return typeof text === 'string' && NAME.test(text) && !NO_FAMILY.test(text) ? text : undefined
}
