import { describe, expect, it } from 'vitest'
import type { StoreHealth } from '../graph/index.ts'
import { type ReadinessSettings, readiness } from './readiness.ts'

const OK: StoreHealth = { ok: true, engine: 'SQLite' }
const STATS = { records: 0, bytes: 0, segments: 0, quarantined: [], syncs: 0, failing: false }

function settings(more: Partial<ReadinessSettings> = {}): ReadinessSettings {
  return {
    store: { health: async () => OK },
    journal: { stats: STATS },
    dir: import.meta.dirname,
    replaying: () => undefined,
    overloaded: () => false,
    ...more,
  }
}

describe('readiness', () => {
  it('has nothing to say where all is well', async () => {
    expect(await readiness(settings())).toEqual({ ready: true, reasons: [] })
  })

  const troubles: [string, Partial<ReadinessSettings>, string][] = [
    [
      'a store that says no',
      { store: { health: async () => ({ ...OK, ok: false, problem: 'bolt://secret@host' }) } },
      'the graph store cannot be reached',
    ],
    [
      'a store that throws',
      { store: { health: () => Promise.reject(new Error('bolt://secret@host')) } },
      'the graph store cannot be reached',
    ],
    [
      'a store that does not answer',
      { store: { health: () => new Promise(() => {}) }, patience: 10 },
      'the graph store does not answer in time',
    ],
    [
      'a journal folder that is gone',
      { dir: '/nowhere/at/all' },
      'the folder of the journal cannot be written',
    ],
    [
      'an append that failed',
      { journal: { stats: { ...STATS, failing: true } } },
      'the journal could not be written when it was tried last',
    ],
    [
      'a replay',
      { replaying: () => ({ done: 3, all: 9 }) },
      'the journal is being read into the graph: 3 of 9 records',
    ],
    [
      'a graph far behind',
      { overloaded: () => true },
      'the graph is too far behind the journal: senders are slowed down',
    ],
  ]
  for (const [name, more, reason] of troubles) {
    it(`names ${name}, and no address`, async () => {
      expect(await readiness(settings(more))).toEqual({ ready: false, reasons: [reason] })
    })
  }
})
