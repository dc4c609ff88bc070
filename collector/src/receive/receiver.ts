import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Journal } from '../journal/index.ts'
import { type Answer, sendAnswer } from './answer.ts'
import { type Body, openLarge, openSmall, type Refused, readBody } from './body.ts'
import { Budget, type Share, Turnstile } from './budget.ts'
import { OtlpDecodeError, type Signal } from './decode/types.ts'
import { checkBody, type Format } from './journaled.ts'

export interface ReceiverSettings {
  readonly journal: Journal
  readonly clock: () => number
  /** True while senders are to slow down: the graph is too far behind. */
  readonly overloaded: () => boolean
  readonly limits?: Partial<ReceiverLimits>
  /**
   * Says for whom it is taken in, by the request's headers and connection, never by its body; or that
   * nobody who is known sends it (401), somebody who may not (403), or one stranger after another (429). Without it everything is the
   * tenant `default`.
   */
  readonly admit?: (request: IncomingMessage) => Admission | Promise<Admission>
  readonly observer?: ReceiverObserver
}

/** Told of each request, for metrics. Must not throw. */
export interface ReceiverObserver {
  began(): void
  /** A body is in the journal; its bytes as they came over the wire. */
  taken(signal: Signal, bytes: number): void
  answered(status: Answer['status'], milliseconds: number): void
}

export type Admission =
  | { readonly tenant: string }
  /** `retryAfter` in seconds, for whoever is to come again. */
  | { readonly refused: 401 | 403 | 429; readonly retryAfter?: number }

export interface ReceiverLimits {
  /** Bytes of a body, before and after decompression. */
  readonly bodyBytes: number
  /** Bytes of all bodies that are being taken in, as they come over the wire. */
  readonly bytesInFlight: number
  readonly requests: number
}

const LIMITS: ReceiverLimits = {
  bodyBytes: 64 * 1024 * 1024,
  bytesInFlight: 256 * 1024 * 1024,
  requests: 512,
}

/** Large bodies that are open at once: each may take `bodyBytes` beside what came over the wire. */
const OPEN_AT_ONCE = 2

const PATHS: ReadonlyMap<string, Signal> = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/logs', 'logs'],
])

/**
 * Receives OTLP over HTTP (OTLP 1.x): protobuf and JSON, plain or gzip. A 200 means that the body is
 * in the journal and on the disk. Only malformed bytes are refused; what a body says is judged later.
 * It never answers 500, since senders drop what they get a 500 for.
 */
export function createReceiver(
  settings: ReceiverSettings,
): (request: IncomingMessage, response: ServerResponse) => void {
  const receiver = new Receiver(settings)
  const { observer } = settings
  return (request, response) => {
    const format = formatOf(request)
    const began = performance.now()
    observer?.began()
    receiver
      .receive(request, format)
      .catch((): Answer => ({ status: 503, message: 'not taken in', retryAfter: 2 }))
      .then((answer) => {
        // What is left of the body is read and dropped: to close the connection on a sender who is still
        // busy sending could lose him the answer. The server's request timeout ends it.
        request.resume()
        observer?.answered(answer.status, performance.now() - began)
        if (!response.destroyed) sendAnswer(response, format ?? 'json', answer)
      })
  }
}

interface Accepted {
  readonly signal: Signal
  readonly format: Format
  readonly encoding: 'gzip' | 'identity'
  readonly tenant: string
}

class Receiver {
  readonly #settings: ReceiverSettings
  readonly #limits: ReceiverLimits
  readonly #requests: Budget
  readonly #bytes: Budget
  readonly #openers = new Turnstile(OPEN_AT_ONCE)

  constructor(settings: ReceiverSettings) {
    this.#settings = settings
    this.#limits = { ...LIMITS, ...settings.limits }
    this.#requests = new Budget(this.#limits.requests)
    this.#bytes = new Budget(this.#limits.bytesInFlight)
  }

  async receive(request: IncomingMessage, format: Format | undefined): Promise<Answer> {
    using place = this.#requests.share()
    if (!place.grow(1) || this.#bytes.spent) return REFUSALS.busy
    const accepted = await this.#headers(request, format)
    if ('status' in accepted) return accepted
    if (this.#settings.overloaded()) {
      return { status: 429, message: 'the graph is behind', retryAfter: 2 }
    }
    using share = this.#bytes.share()
    // Awaited here, or place and share would be given back before it is done.
    return await this.#takeIn(request, accepted, share)
  }

  async #headers(request: IncomingMessage, format: Format | undefined): Promise<Accepted | Answer> {
    const signal = PATHS.get((request.url ?? '').split('?', 1)[0] ?? '')
    if (signal === undefined) {
      return { status: 404, message: 'traces go to /v1/traces, logs to /v1/logs' }
    }
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
    const admission = (await this.#settings.admit?.(request)) ?? { tenant: 'default' }
    if ('refused' in admission) {
      const { refused: status, retryAfter } = admission
      const again = retryAfter === undefined ? {} : { retryAfter }
      return { status, message: 'nobody who may send evidence', ...again }
    }
    return { signal, format, encoding, tenant: admission.tenant }
  }

  async #takeIn(request: IncomingMessage, accepted: Accepted, share: Share): Promise<Answer> {
    const body = await readBody(request, this.#limits.bodyBytes, share)
    if ('refused' in body) return REFUSALS[body.refused]
    const found = await this.#check(body.bytes, accepted)
    if (found !== 'well_formed') return found === 'empty' ? { status: 200 } : found
    const { signal, format, encoding, tenant } = accepted
    await this.#settings.journal.append({
      kind: signal === 'traces' ? 'otlp-traces' : 'otlp-logs',
      receivedAt: this.#settings.clock(),
      payload: body.bytes,
      tenant,
      contentType: format === 'json' ? 'application/json' : 'application/x-protobuf',
      contentEncoding: encoding,
    })
    this.#settings.observer?.taken(signal, body.bytes.length)
    return { status: 200 }
  }

  /** Walks the whole body; what it was opened to is let go before the journal is waited for. */
  async #check(bytes: Buffer, accepted: Accepted): Promise<'well_formed' | 'empty' | Answer> {
    const { bodyBytes } = this.#limits
    if (accepted.encoding === 'identity') return judge({ bytes }, accepted)
    // An empty body has nothing to open.
    if (bytes.length === 0) return 'empty'
    const small = openSmall(bytes, bodyBytes)
    if (small !== undefined) return judge(small, accepted)
    using _place = await this.#openers.enter()
    return judge(await openLarge(bytes, bodyBytes), accepted)
  }
}

function judge(body: Body, { signal, format }: Accepted): 'well_formed' | 'empty' | Answer {
  if ('refused' in body) return REFUSALS[body.refused]
  if (body.bytes.length === 0) return 'empty'
  try {
    checkBody(body.bytes, signal, format)
    return 'well_formed'
  } catch (error) {
    if (!(error instanceof OtlpDecodeError)) throw error
    const { message, offset } = error
    return { status: 400, message: `not an OTLP ${signal} request: ${message} at byte ${offset}` }
  }
}

const REFUSALS: Readonly<Record<Refused, Answer>> = {
  too_large: { status: 413, message: 'the body is too large' },
  busy: { status: 429, message: 'too much at once', retryAfter: 1 },
  not_gzip: { status: 400, message: 'the body is not valid gzip' },
}

function formatOf(request: IncomingMessage): Format | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  return type === 'application/json' ? 'json' : undefined
}
