/** A trick that the normaliser undid; rules may ask for it by name through the field `obfuscation`. */
export const OBFUSCATIONS = [
  'quote_splitting',
  'backslash_splitting',
  'ifs_separator',
  'brace_list',
  'variable_splitting',
  'ansi_c_string',
  'command_substitution',
  'encoded_payload',
  'wildcard_path',
  'path_detour',
] as const

export type Obfuscation = (typeof OBFUSCATIONS)[number]

/** How a hidden text was written. Nested texts list the outermost encoding first. */
export type Encoding = 'base64' | 'base32' | 'gzip' | 'hex' | 'octal' | 'escape' | 'rev' | 'rot13' | 'shell_string'

/** One simple command of a line, with its disguise taken off. */
export interface Segment {
  readonly index: number
  /** Normalised words joined by one space, redirections included, as a plain writer would have typed them. */
  readonly text: string
  /** Full path of the program; made up (`/usr/bin/wget`) where the line gives a bare name; empty where there is none. */
  readonly image: string
  /** Last path component of `image`: `wget`. */
  readonly name: string
  /** The program's name and its arguments, wrappers removed. */
  readonly argv: readonly string[]
  /** Wrappers that were folded away, outermost first: `sudo`, `nohup`, `busybox`. */
  readonly wrappers: readonly string[]
  /** Files that this segment writes by redirection (`>`, `>>`, `tee` is a program and not here). */
  readonly writes: readonly string[]
  /** Files that it reads by redirection (`<`). */
  readonly reads: readonly string[]
  /** Program name of the segment whose output it reads through a pipe, or null. */
  readonly pipedFrom: string | null
  /** Program name of the segment that reads its output through a pipe, or null. */
  readonly pipedTo: string | null
  /** Index into `decoded` of the text that this segment was found in, or null if it was typed. */
  readonly decodedIndex: number | null
  /** Character offsets of the segment in the text that it was found in (`typed`, or that decoded text). */
  readonly start: number
  readonly end: number
}

/** A text found hidden inside the line. */
export interface DecodedText {
  readonly text: string
  readonly encodings: readonly Encoding[]
  /** Whether the line hands the text to an interpreter (`| sh`, `eval`, `bash -c`). */
  readonly executed: boolean
}

/** Everything that the normaliser saw in one command line. Immutable; bounded whatever was typed. */
export interface CommandViews {
  /** The line as typed, cut at the input cap (head and tail kept). */
  readonly typed: string
  /** The whole line with quotes, escapes, `$IFS` and wrappers folded away. */
  readonly plain: string
  readonly segments: readonly Segment[]
  readonly decoded: readonly DecodedText[]
  readonly obfuscation: readonly Obfuscation[]
  /** True if any cap (input, segments, depth, bytes, time) cut something off. */
  readonly truncated: boolean
}
