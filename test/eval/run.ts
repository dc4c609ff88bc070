import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { type ReadableSpan, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { pino } from 'pino'
import { startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { deliver, deliverShuffled, type Recorded } from './deliver.ts'
import { type Found, readFindings } from './findings.ts'
import { USUAL_POINT } from './play/decisions.ts'
import { playCase } from './play/play-case.ts'
import { keysFor, type Stage, type Unlabelled } from './play/stage.ts'
import { registryEntries, registryText } from './registry.ts'
import { createWorld, HEARD_AT } from './world.ts'

export interface RunOptions {
  readonly store: Config['store']
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Delivers everything out of order, twice and late. */
  readonly shuffle?: number
  /** Plays everything as somebody's unsigned word. */
  readonly stripSignatures?: boolean
  /** Told after each collector how many cases are done. */
  readonly onProgress?: (done: number) => void
}

/** Cases in one collector: their registry has to fit into one. */
const CASES = 100

/** Plays cases through the product and gives the open findings of each, by case id. */
export async function runCases(
  cases: readonly Unlabelled[],
  options: RunOptions,
): Promise<Map<string, readonly Found[]>> {
  const recorder = recordSpans()
  try {
    const found = new Map<string, readonly Found[]>()
    for (let first = 0; first < cases.length; first += CASES) {
      const part = cases.slice(first, first + CASES)
      for (const [id, list] of await runBatch(part, recorder, options)) found.set(id, list)
      options.onProgress?.(first + part.length)
    }
    return found
  } finally {
    await recorder.stop()
  }
}

async function runBatch(
  cases: readonly Unlabelled[],
  recorder: SpanRecorder,
  options: RunOptions,
): Promise<Map<string, Found[]>> {
  const world = await createWorld(
    Math.max(1, ...cases.map(({ principals }) => principals.length)),
    [...new Set([USUAL_POINT, ...cases.flatMap(pointsOf)])],
  )
  const stages: Stage[] = []
  const recorded: Recorded[] = []
  for (const [place, played] of cases.entries()) {
    const keys = await keysFor(played)
    const stage = playCase(world, played, place, keys, options.stripSignatures === true)
    stages.push(stage)
    recorded.push({ spans: recorder.take(), events: stage.outbox.events })
  }
  const data = mkdtempSync(join(tmpdir(), 'delegraph-eval-'))
  try {
    const registry = join(data, 'registry.jws')
    writeFileSync(registry, registryText(world, stages.flatMap(registryEntries)))
    const config = {
      ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}),
      ...{ registry, store: options.store },
    }
    await using collector = await startCollector({
      ...{ config, trust: world.trust, clock: () => HEARD_AT },
      env: options.env ?? {},
      logger: pino({ level: 'warn' }, pino.destination(2)),
    })
    const { otlpUrl, graphqlUrl } = collector
    if (options.shuffle === undefined) await deliver(otlpUrl, recorded)
    else await deliverShuffled(otlpUrl, recorded, options.shuffle, () => collector.settled())
    await collector.settled()
    const names = new Map(stages.map((stage) => [stage.case.case_id, stage.names.back]))
    const found = await readFindings(graphqlUrl, names)
    if (options.store.kind === 'neo4j') await collector.store.clear()
    return found
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

/** The decision points that a case names. */
export function pointsOf({ events }: Unlabelled): string[] {
  return events.flatMap((event) => (event.type === 'decision' && event.by ? [event.by] : []))
}

interface SpanRecorder {
  /** What ended since the last time. */
  take(): ReadableSpan[]
  stop(): Promise<void>
}

/** A real OpenTelemetry SDK that keeps its spans. */
export function recordSpans(): SpanRecorder {
  let spans: ReadableSpan[] = []
  const processor: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const provider = new TracerProvider({ spanProcessors: [processor] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return {
    take() {
      const taken = spans
      spans = []
      return taken
    },
    async stop() {
      await provider.shutdown()
      trace.disable()
      context.disable()
    },
  }
}
