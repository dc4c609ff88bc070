import type { ServerResponse } from 'node:http'
import type { Format } from './journaled.ts'

/** What a sender is told. */
export interface Answer {
  readonly status: 200 | 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 503
  /** ASCII, never anything of what was sent. */
  readonly message?: string
  /** Seconds. */
  readonly retryAfter?: number
}

export function sendAnswer(response: ServerResponse, format: Format, answer: Answer): void {
  const { status, message, retryAfter } = answer
  const body = status === 200 ? success(format) : failure(format, message ?? '')
  response.writeHead(status, {
    'Content-Type': format === 'json' ? 'application/json' : 'application/x-protobuf',
    'Content-Length': body.length,
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...(status === 405 ? { Allow: 'POST' } : {}),
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
  })
  response.end(body)
}

/** An export response without a partial success: an empty message. */
function success(format: Format): Buffer {
  return Buffer.from(format === 'json' ? '{}' : '')
}

/** google.rpc.Status with a message (field 2), as OTLP asks for. */
function failure(format: Format, message: string): Buffer {
  if (format === 'json') return Buffer.from(JSON.stringify({ message }))
  // Short enough that its length is one byte.
  const text = Buffer.from(message, 'latin1').subarray(0, 127)
  return Buffer.concat([Buffer.from([0x12, text.length]), text])
}
