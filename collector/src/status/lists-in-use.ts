import type { Trust } from '@delegraph/link'
import type { GraphStore } from '../graph/index.ts'
import { pathLinkOf } from '../verify/path.ts'
import { isStatusHost } from '../verify/status-list.ts'

/** Lists that are followed at most, and of one host. */
const MAX_LISTS = 500
const MAX_LISTS_OF_HOST = 50
/** Distinct URIs that are looked at to find them. */
const MAX_LOOKED_AT = 2_000
/** Roots of one list whose entries are compared. */
const MAX_ROOTS = 10_000
/** Behind every hash of a link. */
const BEHIND_KEYS = '~'

export interface ListsInUse {
  readonly uris: readonly string[]
  /** Why there may be lists that nobody asks; undefined where all are in it. */
  readonly cut?: string
}

/**
 * URIs of the lists that verified roots name, of roots that end no earlier than `endsFrom` (NumericDate),
 * and from hosts that their anchors list. One question to the store for each distinct URI.
 */
export async function listsInUse(
  store: GraphStore,
  trust: Trust,
  endsFrom: number,
): Promise<ListsInUse> {
  const found: string[] = []
  const full = new Set<string>()
  const ofHost = new Map<string, number>()
  let after: { readonly value: string; readonly key: string } | undefined
  for (let seen = 0; seen < MAX_LOOKED_AT && found.length < MAX_LISTS; seen += 1) {
    const [root] = await store.page({
      kind: 'Link',
      where: { min: { expiresAt: endsFrom } },
      orderBy: 'status',
      direction: 'asc',
      limit: 1,
      ...(after === undefined ? {} : { after }),
    })
    if (root === undefined) return inUse(found, full)
    const uri = String(root.columns['status'])
    after = { value: uri, key: BEHIND_KEYS }
    if (!isFollowed(trust, uri)) continue
    const { host } = new URL(uri)
    const count = (ofHost.get(host) ?? 0) + 1
    ofHost.set(host, count)
    if (count <= MAX_LISTS_OF_HOST) found.push(uri)
    else full.add(host)
  }
  return { uris: found, cut: `more than ${found.length} status lists are named` }
}

function inUse(uris: readonly string[], full: ReadonlySet<string>): ListsInUse {
  if (full.size === 0) return { uris }
  const hosts = [...full].sort().slice(0, 3).join(', ')
  return {
    uris,
    cut: `more than ${MAX_LISTS_OF_HOST} status lists of one host are named (${hosts})`,
  }
}

function isFollowed(trust: Trust, uri: string): boolean {
  return trust.anchors.some(({ iss }) => isStatusHost(trust, iss, uri))
}

/** Entries of a list that roots use which end no earlier than `endsFrom`. */
export async function entriesInUse(
  store: GraphStore,
  uri: string,
  endsFrom: number,
): Promise<number[]> {
  const roots = await store.page({
    kind: 'Link',
    where: { equals: { status: [uri] }, min: { expiresAt: endsFrom } },
    orderBy: 'expiresAt',
    direction: 'desc',
    limit: MAX_ROOTS,
  })
  return roots.flatMap((node) => pathLinkOf(node).status?.idx ?? [])
}
