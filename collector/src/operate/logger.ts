import {
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
  stdTimeFunctions,
} from 'pino'
import { CollectorError } from '../errors.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LEVELS)[number]

/**
 * Members that never reach a line, wherever somebody puts them. Nothing in the collector logs one: this
 * is the net below.
 */
const SECRET = [
  'authorization',
  'password',
  'secret',
  'token',
  'credential',
  'cookie',
  'args',
  'arguments',
  'body',
  'payload',
  'text',
  'jwk',
] as const

const OPTIONS: LoggerOptions = {
  base: { name: 'delegraph' },
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
  // Never the error itself: a driver's may hold a query with its parameters.
  serializers: { err: (error: unknown) => (error instanceof Error ? error.message : error) },
}

/**
 * The service log: one JSON object a line, to standard error.
 *
 * @throws CollectorError `config_invalid` for a level that is none
 */
export function createLogger(level = 'warn', destination?: DestinationStream): Logger {
  const known = LEVELS.find((one) => one === level)
  if (known === undefined) {
    throw new CollectorError('config_invalid', `DELEGRAPH_LOG takes one of ${LEVELS.join(', ')}`)
  }
  return pino({ ...OPTIONS, level: known }, destination ?? pino.destination(2))
}
