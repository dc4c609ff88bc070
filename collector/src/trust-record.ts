import type { Trust } from '@delegraph/link'
import type { GraphStore } from './graph/index.ts'
import type { Journal } from './journal/index.ts'
import { trustInForce } from './project/trust-in-force.ts'
import { trustText } from './verify/trust.ts'

/**
 * Puts the trust roots into the journal where they are not those in force: what was judged yesterday
 * can be judged again as it was then, and a key that is found compromised re-judges history.
 */
export async function recordTrust(
  trust: Trust,
  journal: Journal,
  store: GraphStore,
  clock: () => number,
): Promise<{ readonly changed: boolean }> {
  const text = trustText(trust)
  const inForce = await trustInForce(store)
  if (inForce?.text === text) return { changed: false }
  await journal.append({ kind: 'trust', receivedAt: clock(), payload: Buffer.from(text) })
  return { changed: true }
}
