import { flushBeforeExit } from './before-exit.ts'
import type { Attributes, EvidenceEvent } from './event.ts'
import { encodeLogs } from './otlp-json.ts'
import { post } from './post.ts'
import { backoff, judgeStatus } from './retry.ts'

export interface SenderSettings {
  /** Base URL of an OTLP/HTTP receiver; records go to `/v1/logs` below it. */
  readonly collector: string
  /** Sent with every request, for a collector that wants credentials. */
  readonly headers?: Readonly<Record<string, string>>
  readonly resource: Attributes
  /** Told of each kind of loss; the caller sees to it that it is told once. */
  readonly onLoss: (loss: 'queue_full' | 'refused' | 'unreachable', detail: string) => void
  /** Records that wait at most; 2,048 where absent. */
  readonly maxQueue?: number
  /** Milliseconds that a record waits for company; 250 where absent. */
  readonly delay?: number
  /** Milliseconds for one request; 10,000 where absent. */
  readonly timeout?: number
}

export interface SenderStats {
  /** Records that wait. */
  readonly queued: number
  /** Records that the collector acknowledged. */
  readonly sent: number
  /** Records lost because the queue was full or the sender shut down. */
  readonly dropped: number
  /** Records that the collector refused for good. */
  readonly refused: number
  /** Requests that failed and are tried again. */
  readonly retries: number
}

const BATCH = 256
/** Characters of signed text in one request; far below the 64 MiB that receivers take. */
const BATCH_SIZE = 1024 * 1024

/**
 * Sends evidence as OTLP/HTTP log records, JSON encoded. It is our own because OpenTelemetry's
 * logs API differs between its two live lines. The agent never waits for it: a bounded queue,
 * batches, retries with backoff, losses counted. One request is under way at a time, so that
 * records arrive in order.
 */
export class LogSender {
  readonly #settings: SenderSettings
  readonly #url: string
  readonly #maxQueue: number
  #queue: EvidenceEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #request: Promise<void> | undefined
  #failures = 0
  /** Epoch milliseconds; what the collector asked for with Retry-After is kept by a flush too. */
  #notBefore = 0
  #closed = false
  readonly #counts = { sent: 0, dropped: 0, refused: 0, retries: 0 }

  constructor(settings: SenderSettings) {
    this.#settings = settings
    this.#url = `${settings.collector.replace(/\/+$/, '')}/v1/logs`
    this.#maxQueue = settings.maxQueue ?? 2048
  }

  get stats(): SenderStats {
    return { queued: this.#queue.length, ...this.#counts }
  }

  /** False where the record is lost: the queue is full, or the sender is closed. */
  enqueue(event: EvidenceEvent): boolean {
    if (this.#closed || this.#queue.length >= this.#maxQueue) {
      this.#counts.dropped += 1
      if (!this.#closed) this.#settings.onLoss('queue_full', `${this.#maxQueue} records wait`)
      return false
    }
    this.#queue.push(event)
    flushBeforeExit(this)
    if (this.#queue.length === BATCH && this.#failures === 0) this.#schedule(0)
    else if (this.#timer === undefined) this.#schedule(this.#settings.delay ?? 250)
    return true
  }

  /** Sends what waits; resolves false where some of it still waits after the deadline. */
  async flush(milliseconds = 5000): Promise<boolean> {
    const end = Date.now() + milliseconds
    while (this.#queue.length > 0 && Date.now() < end) {
      if (this.#notBefore > end) {
        await pause(end - Date.now())
        break
      }
      await pause(this.#notBefore - Date.now())
      await this.#send(Math.max(1, end - Date.now()))
    }
    return this.#queue.length === 0
  }

  /** Sends what waits for as long as the collector takes it. */
  async drain(milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds
    const { retries } = this.#counts
    while (this.#queue.length > 0 && Date.now() < end && this.#counts.retries === retries)
      await this.#send(Math.max(1, end - Date.now()))
  }

  /** Flushes, then takes no more; what could not be sent is counted as dropped. */
  async shutdown(milliseconds = 5000): Promise<void> {
    await this.flush(milliseconds)
    this.#closed = true
    clearTimeout(this.#timer)
    this.#counts.dropped += this.#queue.length
    this.#queue = []
  }

  #schedule(delay: number): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#send(this.#settings.timeout ?? 10_000)
    }, delay)
    this.#timer.unref()
  }

  /** One request at a time: whoever comes second waits for the first. Never rejects. */
  async #send(timeout: number): Promise<void> {
    if (this.#request !== undefined) return this.#request
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#request = this.#sendBatch(Math.min(timeout, this.#settings.timeout ?? 10_000))
    await this.#request
    this.#request = undefined
    if (this.#queue.length > 0 && this.#timer === undefined) this.#schedule(0)
  }

  async #sendBatch(timeout: number): Promise<void> {
    const batch = this.#nextBatch()
    if (batch.length === 0) return
    const answer = await post(this.#url, encodeLogs(this.#settings.resource, batch), {
      timeout,
      headers: this.#settings.headers ?? {},
    })
    const judged = answer.status === undefined ? 'retry' : judgeStatus(answer.status)
    if (judged === 'retry') {
      this.#failures += 1
      this.#counts.retries += 1
      this.#settings.onLoss('unreachable', answer.reason)
      const wait = backoff(this.#failures, answer.retryAfter)
      this.#notBefore = Date.now() + wait
      this.#schedule(wait)
      return
    }
    this.#queue = this.#queue.slice(batch.length)
    this.#failures = 0
    this.#notBefore = 0
    if (judged === 'accepted') this.#counts.sent += batch.length
    else {
      this.#counts.refused += batch.length
      this.#settings.onLoss('refused', answer.reason)
    }
  }

  #nextBatch(): readonly EvidenceEvent[] {
    let size = 0
    const end = this.#queue.findIndex((event, index) => {
      size += event.text.length
      return index >= BATCH || (index > 0 && size > BATCH_SIZE)
    })
    return end === -1 ? [...this.#queue] : this.#queue.slice(0, end)
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))
}
