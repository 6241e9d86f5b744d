import type { LogFormat } from '../decoder.js'
import { shareOfLines } from '../recognition.js'
import { messageStart } from '../syslog/syslog-header.js'
import { COMBINED_FIELDS, CombinedDecoder } from './combined-decoder.js'

export const combinedFormat: LogFormat = {
  name: 'combined',
  title: 'Access log of nginx or Apache: combined, common or vhost_combined',
  privileged: false,
  produces: COMBINED_FIELDS,
  recognise,
  createDecoder: (options) => new CombinedDecoder(options),
}

/** The share of lines that are a request. One that came by syslog is not: the header would be taken for the client. */
function recognise(lines: readonly string[]): number {
  const decoder = new CombinedDecoder({ sourceKinds: null })
  return shareOfLines(lines, (line) => {
    const bytes = Buffer.from(line)
    return messageStart(bytes, 0, bytes.length) === null && decoder.decode(bytes, 0, bytes.length).kind === 'events'
  })
}
