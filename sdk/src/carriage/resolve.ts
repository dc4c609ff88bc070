import { setTimeout as sleep } from 'node:timers/promises'
import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { signingInputHash } from '@delegraph/link'
import type { LinkStore, LinkTexts } from './link-store.ts'
import type { Presentation } from './presentation.ts'

export interface ResolveBudget {
  /** How often the store is asked; 3 where absent. */
  readonly attempts?: number
  /** Milliseconds before it is asked again, doubled each time; 50 where absent. */
  readonly delay?: number
  /** Milliseconds for all of it; 2,000 where absent. */
  readonly total?: number
}

/** The chain whole, or why it could not be had. */
export type Resolved = readonly string[] | { readonly missing: Outcome }

/**
 * The texts of a chain that came partly by reference. What a store gives is hashed again: other
 * bytes for a hash are none. What is missing may be on its way, so the store is asked again within
 * the budget; then it is final.
 */
export async function resolveLinks(
  { chain, refs }: Presentation,
  store: LinkStore | undefined,
  budget: ResolveBudget = {},
): Promise<Resolved> {
  if (refs.length === 0) return chain
  if (store === undefined) return { missing: outcomeOf('chain_incomplete', 'no_store') }
  const { attempts = 3, delay = 50, total = 2000 } = budget
  const until = performance.now() + total
  const found = new Map<string, string>()
  let why: string | undefined
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) await sleep(Math.min(delay * 2 ** (attempt - 1), left(until)))
    const missing = refs.filter((hash) => !found.has(hash))
    why = take(await asked(store, missing, left(until)), missing, found)
    if (found.size === refs.length) return [...refs.map((hash) => found.get(hash) ?? ''), ...chain]
    if (left(until) === 0) break
  }
  return { missing: outcomeOf('chain_incomplete', why) }
}

/** Puts aside what is what was asked for; gives the reason where something is not. */
function take(
  texts: LinkTexts | undefined,
  wanted: readonly string[],
  found: Map<string, string>,
): string | undefined {
  if (texts === undefined) return 'store'
  let why: string | undefined
  for (const hash of wanted) {
    const text = texts.get(hash)
    if (text === undefined) continue
    if (signingInputHash(text) === hash) found.set(hash, text)
    else why = 'wrong_bytes'
  }
  return why
}

async function asked(
  store: LinkStore,
  hashes: readonly string[],
  milliseconds: number,
): Promise<LinkTexts | undefined> {
  const given = new AbortController()
  try {
    const late = sleep(milliseconds, undefined, { signal: given.signal, ref: false })
    return await Promise.race([store.get(hashes), late])
  } catch {
    return undefined
  } finally {
    given.abort()
  }
}

function left(until: number): number {
  return Math.max(0, Math.floor(until - performance.now()))
}
