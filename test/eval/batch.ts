import { pino } from 'pino'
import { deliver, deliverShuffled, type Recorded } from './deliver.ts'
import { type Found, readFindings } from './findings.ts'
import { USUAL_POINT } from './play/decisions.ts'
import { playCase } from './play/play-case.ts'
import { keysFor, type Stage, type Unlabelled } from './play/stage.ts'
import { registryEntries, registryText } from './registry.ts'
import type { RunOptions } from './run.ts'
import type { SpanRecorder } from './span-recorder.ts'
import { startFor } from './start-for.ts'
import { createWorld, type World } from './world.ts'

/** What cases left behind, to be sent to one collector. */
export interface Played {
  readonly world: World
  readonly stages: readonly Stage[]
  readonly recorded: readonly Recorded[]
  /** The signed registry of all of them. */
  readonly registry: string
  /** Why a case could not be played, by its id. */
  readonly unplayed: ReadonlyMap<string, string>
}

/** Plays cases through the SDK, with services that all of them share. */
export async function playAll(
  cases: readonly Unlabelled[],
  recorder: SpanRecorder,
  stripSignatures = false,
): Promise<Played> {
  const world = await createWorld(
    Math.max(1, ...cases.map(({ principals }) => principals.length)),
    [...new Set([USUAL_POINT, ...cases.flatMap(pointsOf)])],
  )
  const stages: Stage[] = []
  const recorded: Recorded[] = []
  const unplayed = new Map<string, string>()
  for (const [place, played] of cases.entries()) {
    const keys = await keysFor(played)
    try {
      const stage = playCase(world, played, place, keys, stripSignatures)
      stages.push(stage)
      recorded.push({ spans: recorder.take(), events: stage.outbox.events })
    } catch (error) {
      recorder.take()
      unplayed.set(played.case_id, String(error))
    }
  }
  const registry = registryText(world, stages.flatMap(registryEntries))
  return { world, stages, recorded, registry, unplayed }
}

/** Stands where a case could not be played: it is right for no label, and wrong for every twin. */
const UNPLAYED: Found = {
  rule: 'unplayed',
  class: 'validity',
  grade: 'observed',
  on: undefined,
  action: undefined,
  culprit: undefined,
}

/** Plays cases into one collector of their own and gives the open findings of each, by case id. */
export async function runBatch(
  cases: readonly Unlabelled[],
  recorder: SpanRecorder,
  options: RunOptions,
): Promise<Map<string, Found[]>> {
  const played = await playAll(cases, recorder, options.stripSignatures)
  const { stages, recorded } = played
  const logger = pino({ level: 'warn' }, pino.destination(2))
  await using started = await startFor(played, options, logger)
  const { collector } = started
  const { otlpUrl, graphqlUrl } = collector
  if (options.shuffle === undefined) await deliver(otlpUrl, recorded)
  else await deliverShuffled(otlpUrl, recorded, options.shuffle, () => collector.settled())
  await collector.settled()
  const names = new Map(stages.map((stage) => [stage.case.case_id, stage.names.back]))
  const found = await readFindings(graphqlUrl, names)
  for (const [id, why] of played.unplayed) {
    console.error(`not played: ${why}`)
    found.set(id, [UNPLAYED])
  }
  if (options.store.kind === 'neo4j') await collector.store.clear()
  return found
}

/** The decision points that a case names. */
function pointsOf({ events }: Unlabelled): string[] {
  return events.flatMap((event) => (event.type === 'decision' && event.by ? [event.by] : []))
}
