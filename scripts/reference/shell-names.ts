import type { Encoding, Obfuscation } from '../../src/shell/command-views.js'

/** What each name of the field `obfuscation` stands for; the type makes the list complete. */
export const TRICK_MEANINGS: Readonly<Record<Obfuscation, string>> = {
  quote_splitting: 'Quotes that break up a word and quote nothing: `w""get`.',
  backslash_splitting: "Backslashes before letters in the program's name or an absolute path: `c\\at`.",
  ifs_separator: '`$IFS` in the place of white space, or words split at an `IFS` that the line set.',
  brace_list: 'A command written as a list: `{cat,/etc/passwd}`.',
  variable_splitting: "A program's name or a path put together from variables: `a=wg;b=et;$a$b`, `wh$1oami`.",
  ansi_c_string: "`$'…'` with printable characters written as codes.",
  command_substitution: "A program's name that a substitution prints: `$(echo kill)`.",
  encoded_payload: 'An encoded text that the line runs, or writes to a file.',
  wildcard_path: 'A program or well-known file named by a wildcard that can mean only that: `/???/c?t`.',
  path_detour: '`/./` or `x/../` inside a path to a system directory: `/bin/../bin/cat`.',
}

/** What each name of the field `encodings` stands for. */
export const ENCODING_MEANINGS: Readonly<Record<Encoding, string>> = {
  base64: 'Base64.',
  base32: 'Base32.',
  gzip: 'Packed by gzip.',
  hex: 'A hexadecimal dump, or hexadecimal character codes.',
  octal: 'Octal character codes.',
  escape: 'Escapes such as `\\u0041`.',
  rev: 'Written backwards.',
  rot13: 'Letters exchanged by `tr`.',
  shell_string: 'Nothing hidden: a script handed to an interpreter as one word, by a pipe or in a here-document.',
}
