import { LIMITS, signingInputHash } from '@delegraph/link'
import { boundedText } from './bounded-text.ts'

/**
 * Where links are had by their hash. It comes from configuration, never from what a caller sent, and
 * it is not trusted: whatever it gives is hashed again, and then verified like any other link.
 */
export interface LinkStore {
  /** Texts by hash, those that it has; a hash without one is left out. May reject. */
  get(hashes: readonly string[]): LinkTexts | Promise<LinkTexts>
  /** Told of the links of each chain that came by value and verified. */
  remember?(texts: readonly string[]): void
}

export type LinkTexts = ReadonlyMap<string, string>

/** Remembers the chains that came by value; the links used longest ago are forgotten. */
export function memoryLinkStore({ max = 4096 }: { readonly max?: number } = {}): LinkStore {
  const known = new Map<string, string>()
  const keep = (hash: string, text: string) => {
    known.delete(hash)
    known.set(hash, text)
    const [oldest] = known.keys()
    if (known.size > max && oldest !== undefined) known.delete(oldest)
  }
  return {
    get: (hashes) => {
      const found = new Map<string, string>()
      for (const hash of hashes) {
        const text = known.get(hash)
        if (text === undefined) continue
        found.set(hash, text)
        keep(hash, text)
      }
      return found
    },
    remember: (texts) => {
      for (const text of texts) {
        const hash = signingInputHash(text)
        if (hash !== undefined) keep(hash, text)
      }
    },
  }
}

/** Asks the stores in order for what the ones before do not have. */
export function firstOf(...stores: readonly LinkStore[]): LinkStore {
  return {
    get: async (hashes) => {
      const found = new Map<string, string>()
      for (const store of stores) {
        const missing = hashes.filter((hash) => !found.has(hash))
        if (missing.length === 0) break
        for (const [hash, text] of await store.get(missing)) found.set(hash, text)
      }
      return found
    },
    remember: (texts) => {
      for (const store of stores) store.remember?.(texts)
    },
  }
}

export interface CollectorLinkStoreConfig {
  /** A collector's GraphQL address, as it was configured: `http://127.0.0.1:4319/graphql`. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds for one request; 2,000 where absent. */
  readonly timeout?: number
}

/** Asks a collector, whose API gives signed links by their hash. Rejects where it does not answer. */
export function collectorLinkStore(config: CollectorLinkStoreConfig): LinkStore {
  return {
    async get(hashes) {
      const response = await fetch(config.url, {
        method: 'POST',
        // Whoever answers in the collector's place was not configured.
        redirect: 'error',
        headers: { ...config.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY, variables: { hashes } }),
        signal: AbortSignal.timeout(config.timeout ?? 2000),
      })
      if (!response.ok) throw new Error(`the collector answered ${response.status}`)
      return textsIn(JSON.parse(await textOf(response)))
    },
  }
}

const QUERY = 'query ($hashes: [ID!]!) { linkTexts(hashes: $hashes) { hash text } }'
/** A chain of the largest size, written as JSON, and some room. */
const MAX_ANSWER = 2 * LIMITS.links * LIMITS.linkSize

async function textOf({ body }: Response): Promise<string> {
  const text = await boundedText(body, MAX_ANSWER)
  if (text === undefined) throw new Error('the collector answered with more than a chain')
  return text
}

function textsIn(answer: unknown): LinkTexts {
  const data: unknown = Reflect.get(Object(answer), 'data')
  const list: unknown = Reflect.get(Object(data), 'linkTexts')
  if (!Array.isArray(list)) throw new Error('the collector answered with no list of links')
  const pairs = list.flatMap((item: unknown) => {
    const { hash, text } = { hash: undefined, text: undefined, ...Object(item) }
    return typeof hash === 'string' && typeof text === 'string' ? [[hash, text] as const] : []
  })
  return new Map(pairs)
}
