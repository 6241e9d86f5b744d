const SEPARATOR = ' · '

/** Parts joined on as few lines as they need, each two columns short of the width. */
export function wrapParts(parts: readonly string[], width: number, separator = SEPARATOR): readonly string[] {
  const lines: string[] = []
  for (const part of parts) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + separator.length + part.length <= width - 2) {
      lines[lines.length - 1] = line + separator + part
    } else lines.push(part)
  }
  return lines
}
