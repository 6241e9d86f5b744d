import { type DestinationStream, pino, stdTimeFunctions } from 'pino'
import { type ErrorClass, safeFields, safeText } from './safe-fields.js'

/** Levels that a log may be cut at, the most talkative first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface LogOptions {
  /** What is less weighty is left out. Default `info`. */
  readonly level?: LogLevel
  /** Where lines go. Default: standard error, written at once. */
  readonly destination?: DestinationStream
  /** Errors of ours, whose messages quote nobody. Of all others only class and code are told. */
  readonly ownErrors?: readonly ErrorClass[]
}

type Say = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** What all parts that report something take. */
export interface StructuredLog {
  readonly debug: Say
  readonly info: Say
  readonly warn: Say
  readonly error: Say
}

const MOST_OF_A_MESSAGE = 500

/**
 * A log of JSON lines, each with `time` (ISO 8601), `level`, `message` and the fields that were given. Whatever the fields
 * hold, a line is one line, safe to print and bounded; see `safeFields`.
 */
export function createLog(options: LogOptions = {}): StructuredLog {
  const { level = 'info', destination = process.stderr, ownErrors = [] } = options
  const lines = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  const at =
    (weight: Exclude<LogLevel, 'silent'>): Say =>
    (fields, message) => {
      if (lines.isLevelEnabled(weight))
        lines[weight](safeFields(fields, ownErrors), safeText(message, MOST_OF_A_MESSAGE))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
