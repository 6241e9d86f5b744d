/** Longest mail that is read, in UTF-16 units: about what mail servers take. */
export const LONGEST_MAIL = 8 << 20
/** Most bytes of headers, those of the parts included: reading them costs more than reading a body. */
export const MOST_HEADER_BYTES = 128 << 10
/** Deepest nesting of parts; a mail of honest software has five at most. */
export const DEEPEST_NESTING = 20
/** So much of a mail's HTML, and of its text, is looked at, in UTF-16 units. */
export const LONGEST_TEXT = 512 << 10
/** Most links and files that are judged. */
export const MOST_LINKS = 300
export const MOST_FILES = 32
