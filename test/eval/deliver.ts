import { request } from 'node:http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { EvidenceEvent } from '../../sdk/src/evidence/event.ts'
import { encodeLogs } from '../../sdk/src/evidence/otlp-json.ts'

/** What was recorded, in the order in which it was. */
export interface Recorded {
  readonly spans: readonly ReadableSpan[]
  readonly events: readonly EvidenceEvent[]
}

/** Cases in one request of each kind: what belongs together arrives together, as from one process. */
const CASES = 8

/** What is sent out of order is one large request, and the machine may be slow: a test of findings, not of speed. */
const PATIENCE_MS = 120_000

/** Sends cases to a collector: spans as OpenTelemetry's own exporter encodes them, records as the SDK does. */
export async function deliver(url: string, cases: readonly Recorded[]): Promise<void> {
  const exporter = new OTLPTraceExporter({
    url: `${url}/v1/traces`,
    httpAgentOptions: { keepAlive: false },
    timeoutMillis: PATIENCE_MS,
  })
  try {
    for (let first = 0; first < cases.length; first += CASES) {
      const part = cases.slice(first, first + CASES)
      const events = part.flatMap((one) => one.events)
      const spans = part.flatMap((one) => one.spans)
      await Promise.all([post(`${url}/v1/logs`, encodeLogs({}, events)), exported(exporter, spans)])
    }
  } finally {
    await exporter.shutdown()
  }
}

/** The same out of order, twice and late. */
export async function deliverShuffled(
  url: string,
  cases: readonly Recorded[],
  seed: number,
  settled: () => Promise<void>,
): Promise<void> {
  const random = generator(seed)
  const spans = shuffled(
    cases.flatMap((one) => one.spans),
    random,
  )
  const events = shuffled(
    cases.flatMap((one) => one.events),
    random,
  )
  const half = { spans: spans.length >> 1, events: events.length >> 1 }
  // Calls before the links that they cite are the hard case: the first half is judged before the rest comes.
  await deliver(url, [{ spans: spans.slice(0, half.spans), events: events.slice(0, half.events) }])
  await settled()
  await deliver(url, [{ spans: spans.slice(half.spans), events: events.slice(half.events) }])
  await deliver(url, [{ spans: shuffled(spans, random), events: shuffled(events, random) }])
}

function exported(exporter: OTLPTraceExporter, spans: ReadableSpan[]): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(spans, ({ code, error }) =>
      code === 0 ? resolve() : reject(error ?? new Error('the collector refused spans')),
    )
  })
}

function post(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    // A kept connection may be closed by the other side at the moment in which it is used again.
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200
          ? resolve()
          : reject(new Error(`the collector answered ${response.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items]
  for (let i = mixed.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [mixed[i], mixed[j]]
    if (a !== undefined && b !== undefined) [mixed[i], mixed[j]] = [b, a]
  }
  return mixed
}

/** Numbers that depend on the seed alone (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
