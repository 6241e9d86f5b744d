/**
 * A trick that the normaliser undid; rules may ask for it by name through the field `obfuscation`. Ordinary quoting,
 * escaping and variables are none: each name stands for what a plain writer has no reason to type.
 *
 * - `quote_splitting`: quotes that break up a word and quote nothing: `w""get`, `un"am"e`.
 * - `backslash_splitting`: backslashes before letters inside the program's name or an absolute path: `c\at`.
 * - `ifs_separator`: `$IFS` for white space, or words split at an `IFS` that the line itself set.
 * - `brace_list`: a command written as a list: `{cat,/etc/passwd}`.
 * - `variable_splitting`: a program's name or a path put together from variables of the line (`a=wg;b=et;$a$b`), from
 *   slices of them, or broken up by expansions to nothing (`wh$1oami`).
 * - `ansi_c_string`: `$'…'` with printable characters written as codes.
 * - `command_substitution`: a program's name that a substitution prints: `$(echo kill)`, also by way of a variable.
 * - `encoded_payload`: a text hidden by an encoding (any but `shell_string`) that the line runs, by a pipe into an
 *   interpreter, `eval`, `-c`, or as a file that it wrote; or at least 16 hidden characters written to a file. A decoded
 *   text that is only printed, such as the answer to a liveness check, is not one.
 * - `wildcard_path`: a program, or a well-known file, named by a wildcard that can mean only that: `/???/c?t`.
 * - `path_detour`: `/./` or `x/../` inside a path to a system directory: `/bin/../bin/cat`.
 */
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

/**
 * How a hidden text was written. Nested texts list the outermost encoding first. `hex` and `octal` are dumps and
 * character codes alike, `escape` is `\u0041`; `rot13` is any exchange of letters by `tr`; `shell_string` is a script in
 * plain sight that is handed to an interpreter as one word, by a pipe or in a here-document.
 */
export type Encoding = 'base64' | 'base32' | 'gzip' | 'hex' | 'octal' | 'escape' | 'rev' | 'rot13' | 'shell_string'

/** One simple command of a line, with its disguise taken off. A word whose value cannot be known keeps its spelling. */
export interface Segment {
  readonly index: number
  /**
   * Assignments, words and redirections joined by one space, as a plain writer would have typed them: wrappers and quotes
   * removed, programs of the standard directories by their bare names (`/bin/cat` is `cat`), one space behind `>` and `<`.
   */
  readonly text: string
  /** Full path of the program; made up (`/usr/bin/wget`) where the line gives a bare name; empty where there is none. */
  readonly image: string
  /** Last path component of `image`: `wget`. */
  readonly name: string
  /** The program as in `text`, and its arguments; wrappers and redirections removed. */
  readonly argv: readonly string[]
  /** Wrappers that were folded away, outermost first: `sudo`, `nohup`, `busybox`. */
  readonly wrappers: readonly string[]
  /** Files that this segment writes by redirection (`>`, `>>`; `tee` is a program and not here, nor is `/dev/null`). */
  readonly writes: readonly string[]
  /** Files that it reads by redirection (`<`). */
  readonly reads: readonly string[]
  /** Program name of the segment whose output it reads through a pipe, or runs (`sh -c "$(curl …)"`), or null. */
  readonly pipedFrom: string | null
  /** Program name of the segment that reads its output so, or null. */
  readonly pipedTo: string | null
  /** Index into `decoded` of the text that this segment was found in, or null if it was typed. */
  readonly decodedIndex: number | null
  /**
   * Character offsets of the segment in the text that it was found in (`typed`, or that decoded text), wrappers included.
   * Those of a command inside another's words that has no offsets of its own (`find -exec`) are the other's.
   */
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
  /** In the order of the line; an inner command comes after the one whose words or script it stands in. */
  readonly segments: readonly Segment[]
  readonly decoded: readonly DecodedText[]
  readonly obfuscation: readonly Obfuscation[]
  /** True if any cap (input, segments, depth, sizes) cut something off, or if the line is no shell syntax. */
  readonly truncated: boolean
}
