/**
 * How many characters of each part of a request are looked at, head and tail of longer ones. All readings of all parts
 * together (raw, folded, hidden) stay within 64 kB: twice these, and the hidden texts.
 */
export const PATH_LIMIT = 3072
export const QUERY_LIMIT = 4096
export const HEADERS_LIMIT = 4096
export const BODY_HEAD = 16_384
export const BODY_TAIL = 2048

export const HIDDEN_IN_PATH = 512
export const HIDDEN_IN_QUERY = 1536
export const HIDDEN_IN_HEADERS = 1024
export const HIDDEN_IN_BODY = 3072
