import { type Trust, textDigest } from '@delegraph/link'
import type { GraphStore } from './graph/index.ts'
import type { Journal } from './journal/index.ts'
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
  const known = await store.find('Evidence', 'kind', ['trust'])
  const inForce = known.sort(bySequence).at(-1)
  if (inForce?.key === textDigest(text)) return { changed: false }
  await journal.append({ kind: 'trust', receivedAt: clock(), payload: Buffer.from(text) })
  return { changed: true }
}

function bySequence(a: { readonly columns: Columns }, b: { readonly columns: Columns }): number {
  return sequenceOf(a.columns) - sequenceOf(b.columns)
}

type Columns = Readonly<Record<string, unknown>>

/** The journal record that a trust evidence came with. */
function sequenceOf(columns: Columns): number {
  const { seq } = JSON.parse(String(columns['body'])) as { readonly seq?: unknown }
  return typeof seq === 'number' ? seq : 0
}
