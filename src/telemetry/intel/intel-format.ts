import type { LogFormat } from '../decoder.js'
import { JsonRecordSplitter } from '../splitting/json-record-splitter.js'
import { INTEL_FIELDS, IntelDecoder } from './intel-decoder.js'

/** Whoever can write a verdict can say anything about anybody, so it must be asked for by name. */
export const intelFormat: LogFormat = {
  name: 'intel',
  title: 'Verdicts of AbuseIPDB, GreyNoise, Feodo Tracker and ThreatFox',
  privileged: true,
  records: {
    name: 'answer',
    mostBytes: 8 << 20,
    createSplitter: (options) => new JsonRecordSplitter(options),
  },
  produces: INTEL_FIELDS,
  recognise: () => 0,
  createDecoder: (options) => new IntelDecoder(options),
}
