import type { Trust } from '@delegraph/link'
import type { GraphStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'
import { trustInForce } from '../project/trust-in-force.ts'
import { trustText } from './text.ts'

/**
 * Puts the trust roots into the journal where they are not those in force: what was judged yesterday
 * can be judged again as it was then, and a key that is found compromised re-judges history. The
 * graph must have caught up with the journal.
 */
export async function recordTrust(
  trust: Trust,
  journal: Journal,
  store: GraphStore,
  clock: () => number,
): Promise<{ readonly changed: boolean }> {
  const inForce = await trustInForce(store)
  if (inForce?.text === trustText(trust)) return { changed: false }
  await appendTrust(trust, journal, clock)
  return { changed: true }
}

/** Writes the trust roots down, whatever is in force. */
export async function appendTrust(
  trust: Trust,
  journal: Journal,
  clock: () => number,
): Promise<void> {
  const payload = Buffer.from(trustText(trust))
  await journal.append({ kind: 'trust', receivedAt: clock(), payload })
}
