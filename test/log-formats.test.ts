import { logFormats } from '../src/telemetry/formats.js'
import { logFormatConformance } from './conformance/log-format.js'

for (const format of logFormats) logFormatConformance(format)
