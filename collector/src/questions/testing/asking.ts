import { type Story, T0 } from '../../../../test/harness/story.ts'
import { registryClaims } from '../../project/registry.ts'
import { createRegistry } from '../../verify/registry.ts'
import { NO_ZONES, type Zones } from '../../zones/zones.ts'
import type { Asking } from '../asking.ts'

/** Asks a story at a time, NumericDate: half an hour after it began where none is given. */
export function askingOf(story: Story, at: number = T0 + 1800, zones: Zones = NO_ZONES): Asking {
  const { entries = [] } = registryClaims(story.signedRegistry().text) ?? {}
  return {
    validAt: at * 1000,
    knownAt: at * 1000,
    store: story.store,
    registry: createRegistry(entries.length === 0 ? '' : '1', T0, entries),
    trust: story.trust,
    pendingWindow: 900_000,
    zones,
    watermark: '0',
  }
}
