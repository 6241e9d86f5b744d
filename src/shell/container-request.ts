/** Keys of container engine requests that hold a command as a list of words. */
const COMMAND_KEYS = ['Cmd', 'Entrypoint', 'cmd', 'command', 'Command', 'args']
const MOST_WORDS = 64

/** The commands that a container-create or exec request would run, one list of words each; none for any other text. */
export function containerCommand(text: string): readonly (readonly string[])[] {
  let request: unknown
  try {
    request = JSON.parse(text)
  } catch {
    return []
  }
  if (typeof request !== 'object' || request === null) return []
  const fields = request as Record<string, unknown>
  return COMMAND_KEYS.map((key) => fields[key])
    .filter((value) => Array.isArray(value))
    .map((words) => words.filter((word) => typeof word === 'string').slice(0, MOST_WORDS))
    .filter((words) => words.length > 0)
}
