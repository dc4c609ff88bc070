import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Journal } from '../journal/index.ts'
import { openBody, readBody } from './body.ts'
import { decodeJson } from './decode/json.ts'
import { decodeProtobuf } from './decode/protobuf.ts'
import { OtlpDecodeError, type Signal } from './decode/types.ts'

export interface ReceiverSettings {
  readonly journal: Journal
  readonly clock: () => number
  /** True while senders are to slow down: the graph is too far behind. */
  readonly overloaded: () => boolean
  readonly limits?: Partial<ReceiverLimits>
}

export interface ReceiverLimits {
  /** Bytes of a body, before and after decompression. */
  readonly bodyBytes: number
  /** Bytes of all bodies that are being taken in. */
  readonly bytesInFlight: number
  readonly requests: number
}

const LIMITS: ReceiverLimits = {
  bodyBytes: 64 * 1024 * 1024,
  bytesInFlight: 256 * 1024 * 1024,
  requests: 512,
}

const PATHS: Readonly<Record<string, Signal>> = { '/v1/traces': 'traces', '/v1/logs': 'logs' }

type Format = 'protobuf' | 'json'

interface Answer {
  readonly status: number
  readonly message?: string
  readonly retryAfter?: number
}

/**
 * Receives OTLP over HTTP (OTLP 1.x): protobuf and JSON, plain or gzip. A 200 means that the body is
 * in the journal and on the disk. Only malformed bytes are refused; what a body says is judged later.
 * It never answers 500, since senders drop what they get a 500 for.
 */
export function createReceiver(
  settings: ReceiverSettings,
): (request: IncomingMessage, response: ServerResponse) => void {
  const limits = { ...LIMITS, ...settings.limits }
  let requests = 0
  let bytesInFlight = 0
  return (request, response) => {
    const format = formatOf(request)
    if (requests >= limits.requests || bytesInFlight >= limits.bytesInFlight) {
      request.resume()
      send(response, format ?? 'json', { status: 429, message: 'busy', retryAfter: 1 })
      return
    }
    const size = Number(request.headers['content-length'] ?? 0) || 0
    requests += 1
    bytesInFlight += size
    receive(request, format, settings, limits)
      .catch((): Answer => ({ status: 503, message: 'not taken in', retryAfter: 2 }))
      .then((answer) => {
        request.resume()
        send(response, format ?? 'json', answer)
      })
      .finally(() => {
        requests -= 1
        bytesInFlight -= size
      })
  }
}

async function receive(
  request: IncomingMessage,
  format: Format | undefined,
  settings: ReceiverSettings,
  limits: ReceiverLimits,
): Promise<Answer> {
  const signal = PATHS[new URL(request.url ?? '/', 'http://collector').pathname]
  if (signal === undefined)
    return { status: 404, message: 'traces go to /v1/traces, logs to /v1/logs' }
  if (request.method !== 'POST') return { status: 405, message: 'only POST' }
  if (format === undefined) {
    return {
      status: 415,
      message: 'Content-Type must be application/x-protobuf or application/json',
    }
  }
  const encoding = String(request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return { status: 415, message: 'Content-Encoding must be gzip or identity' }
  }
  if (settings.overloaded()) return { status: 429, message: 'the graph is behind', retryAfter: 2 }
  const body = await readBody(request, limits.bodyBytes)
  if ('refused' in body) return refusal(body.refused)
  const opened = await openBody(body.bytes, encoding, limits.bodyBytes)
  if ('refused' in opened) return refusal(opened.refused)
  try {
    checkStructure(opened.bytes, signal, format)
  } catch (error) {
    if (!(error instanceof OtlpDecodeError)) throw error
    const where = error.offset < 0 ? '' : ` at byte ${error.offset}`
    return { status: 400, message: `not an OTLP ${signal} request: ${error.message}${where}` }
  }
  if (opened.bytes.length === 0) return { status: 200 }
  await settings.journal.append({
    kind: signal === 'traces' ? 'otlp-traces' : 'otlp-logs',
    receivedAt: settings.clock(),
    payload: body.bytes,
    contentType: format === 'json' ? 'application/json' : 'application/x-protobuf',
    contentEncoding: encoding,
  })
  return { status: 200 }
}

/** Walks the whole body and keeps nothing of it. */
function checkStructure(bytes: Buffer, signal: Signal, format: Format): void {
  if (bytes.length === 0) return
  if (format === 'json') decodeJson(bytes, signal, [])
  else decodeProtobuf(bytes, signal, [])
}

function refusal(reason: 'too_large' | 'malformed'): Answer {
  return reason === 'too_large'
    ? { status: 413, message: 'the body is too large' }
    : { status: 400, message: 'the body is not valid gzip' }
}

function formatOf(request: IncomingMessage): Format | undefined {
  const type = String(request.headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}

function send(response: ServerResponse, format: Format, answer: Answer): void {
  const { status, message, retryAfter } = answer
  const body = status === 200 ? success(format) : failure(format, message ?? '')
  response.writeHead(status, {
    'Content-Type': format === 'json' ? 'application/json' : 'application/x-protobuf',
    'Content-Length': body.length,
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...(status === 413 ? { Connection: 'close' } : {}),
    ...(status === 405 ? { Allow: 'POST' } : {}),
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
  const text = Buffer.from(message.slice(0, 120))
  return Buffer.concat([Buffer.from([0x12, text.length]), text])
}
