import { MAX_IAT_SKEW, NO_TRUST, type Trust } from '@delegraph/link'
import type { GraphStore } from '../graph/index.ts'
import { newestRegistry } from '../project/newest-registry.ts'
import { trustInForce } from '../project/trust-in-force.ts'
import { parseTrustText } from '../trust/text.ts'
import type { Registry } from '../verify/registry.ts'
import { NO_ZONES, type Zones } from '../zones/zones.ts'

/**
 * The two clocks of a question, epoch milliseconds. The world that is asked of ends at `validAt`: what
 * happened later is no part of it, and what is in force is in force then. It is told by what had been
 * received until `knownAt`. What was done is judged at its own time, whichever of the two is asked of.
 */
export interface Instants {
  readonly validAt: number
  readonly knownAt: number
}

/** Whether something that was issued then, NumericDate, is there at the instant that is asked of; clocks may differ. */
export function hasBegun(issuedAt: number | undefined, { validAt }: Instants): boolean {
  return issuedAt === undefined || issuedAt - MAX_IAT_SKEW <= validAt / 1000
}

/** A graph and the instants that a question is asked of. What was learned later is not in the graph. */
export interface Asking extends Instants {
  readonly store: GraphStore
  readonly registry: Registry
  readonly trust: Trust
  /** Milliseconds that missing evidence may still come, where a question judges anew: the configured ones. */
  readonly pendingWindow: number
  /** What is held to be critical. */
  readonly zones: Zones
  /** The journal record up to which the graph knows. */
  readonly watermark: string
}

/** What an answer says of itself: nothing that is not in it may be read as absent from the world. */
export type Snapshot = Instants & Pick<Asking, 'watermark'>

/** Reads what every question needs. `trust` stands in where the graph holds none of its own. */
export async function openAsking(
  store: GraphStore,
  about: Instants & Pick<Asking, 'pendingWindow'> & Partial<Pick<Asking, 'zones'>>,
  trust: Trust = NO_TRUST,
): Promise<Asking> {
  return {
    zones: NO_ZONES,
    ...about,
    store,
    registry: await newestRegistry(store),
    trust: parseTrustText((await trustInForce(store))?.text) ?? trust,
    watermark: String(await store.position()),
  }
}

export function snapshotOf({ validAt, knownAt, watermark }: Asking): Snapshot {
  return { validAt, knownAt, watermark }
}

/** Nothing of that id is in the graph. */
export interface Missing {
  readonly missing: string
}

export function isMissing(answer: object): answer is Missing {
  return 'missing' in answer
}
