/** Says of paths whether a `.dockerignore` keeps them out of the build: the last line that fits a path, or a folder above it. */
export function dockerIgnore(text: string): (path: string) => boolean {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const patterns = lines.map((line) => ({
    lets: line.startsWith('!'),
    expression: expressionOf(line.replace(/^!/, '')),
  }))
  return (path) => {
    const parts = path.split('/')
    const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    const fitting = patterns.filter(({ expression }) => places.some((place) => expression.test(place)))
    return fitting.length > 0 && !fitting.at(-1)!.lets
  }
}

function expressionOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  const source = escaped.replace(/\*\*\/|\*/g, (wildcard) => (wildcard === '*' ? '[^/]*' : '(?:.*/)?'))
  return new RegExp(`^${source}$`)
}
