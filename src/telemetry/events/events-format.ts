import type { LogFormat } from '../decoder.js'
import { EventsDecoder } from './events-decoder.js'

/** Anyone who can write a line of this format can say anything about anybody, so it must be asked for by name. */
export const eventsFormat: LogFormat = {
  name: 'events',
  title: 'Events, one TaggerEvent a line',
  privileged: true,
  produces: {},
  recognise: () => 0,
  createDecoder: (options) => new EventsDecoder(options),
}
