import { type Grade, type GraphNode, weakerGrade } from '@delegraph/graph-schema'
import type { Filter } from '../../graph/index.ts'
import { trimmedAt } from '../../retention/nodes.ts'
import { pathLinkOf } from '../../verify/path.ts'
import { intOf, textOf } from '../columns.ts'
import { pageOf, pageOfKeys } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'
import { type Fields, principalRef } from './fields.ts'
import { findingPage } from './finding-page.ts'
import { nodeId } from './node-id.ts'

/** A chain, or what is known of one whose root has not arrived. */
export interface Chain {
  readonly kind: 'Chain'
  /** Hash of the root link, or of the topmost that is named. */
  readonly id: string
  readonly top: GraphNode
  readonly complete: boolean
}

const MAX_HOPS = 200
/** Links that are looked at where the root, and with it the index by chain, is missing. */
const MAX_LOOSE = 1_000

/** The chain that a link belongs to; undefined where the link is not even named. */
export async function chainOf(link: string, context: ApiContext): Promise<Chain | undefined> {
  const top = (await context.load.path(link))?.[0]
  if (top === undefined) return undefined
  return { kind: 'Chain', id: top.key, top, complete: textOf(top, 'chain') === top.key }
}

/** The same; undefined where nothing is left of it but that it was there. */
export async function keptChain(link: string, context: ApiContext): Promise<Chain | undefined> {
  const chain = await chainOf(link, context)
  if (chain === undefined || isEvidence(chain.top)) return chain
  const gone = await trimmedAt(context.store, 'chain', chain.id)
  if (gone === undefined) return chain
  const below = await context.store.descendants([chain.id], MAX_HOPS)
  return below.some(isEvidence) ? chain : undefined
}

/** Every link that arrived is of some profile; what is named or trimmed is of none. */
function isEvidence(link: GraphNode): boolean {
  return textOf(link, 'profile') !== undefined
}

export const chainFields: Fields<Chain> = {
  nodeId: (chain) => nodeId('Chain', chain.id),
  id: (chain) => chain.id,
  complete: (chain) => chain.complete,
  grade: async (chain, _, context) =>
    (await linksOf(chain, MAX_HOPS, context))
      .map((link): Grade => pathLinkOf(link).grade)
      .reduce(weakerGrade, 'signed'),
  principal: async (chain, _, context) => principalRef(await fromTop(chain, 'principal', context)),
  task: (chain, _, context) => fromTop(chain, 'task', context),
  hops: async (chain, _, context) => treeOrder(chain.id, await linksOf(chain, MAX_HOPS, context)),
  branches: async (chain, _, context) => {
    const parents = (await linksOf(chain, MAX_LOOSE, context)).flatMap(
      (link) => textOf(link, 'parent') ?? [],
    )
    return new Set(parents).size < parents.length
  },
  path: async (chain, args, context) => {
    const path = (await context.load.path(String(args['link']))) ?? []
    return path[0]?.key === chain.id ? path : []
  },
  links: async (chain, args, context) => {
    const { store } = context
    if (!chain.complete) {
      const known = new Map((await linksOf(chain, MAX_LOOSE, context)).map((l) => [l.key, l]))
      const load = async (keys: readonly string[]): Promise<GraphNode[]> =>
        keys.flatMap((key) => known.get(key) ?? [])
      return throwIfInvalid(await pageOfKeys('LinkConnection', [...known.keys()], load, args))
    }
    const listing = {
      name: 'LinkConnection',
      of: 'Link',
      where: { equals: { chain: [chain.id] } },
      orderBy: 'depth',
      direction: 'asc',
    } as const
    return throwIfInvalid(await pageOf(store, listing, args))
  },
  actions: async (chain, args, context) => {
    const listing = {
      name: 'ActionConnection',
      of: 'Action',
      where: await underChain(chain, context),
      orderBy: 'at',
      direction: 'asc',
    } as const
    return throwIfInvalid(await pageOf(context.store, listing, args))
  },
  findings: async (chain, args, context) =>
    findingPage((await underChain(chain, context)).equals ?? {}, args, context),
}

/** A root that is only named says nothing; the links below it repeat what it would say. */
async function fromTop(
  chain: Chain,
  column: string,
  context: ApiContext,
): Promise<string | undefined> {
  const own = textOf(chain.top, column)
  if (own !== undefined) return own
  const values = (await linksOf(chain, MAX_HOPS, context)).flatMap((l) => textOf(l, column) ?? [])
  return new Set(values).size === 1 ? values[0] : undefined
}

async function linksOf(chain: Chain, limit: number, context: ApiContext): Promise<GraphNode[]> {
  const { store } = context
  if (!chain.complete) return [chain.top, ...(await store.descendants([chain.id], limit - 1))]
  return store.page({
    kind: 'Link',
    where: { equals: { chain: [chain.id] } },
    orderBy: 'depth',
    direction: 'asc',
    limit,
  })
}

async function underChain(chain: Chain, context: ApiContext): Promise<Filter> {
  if (chain.complete) return { equals: { chain: [chain.id] } }
  const links = await linksOf(chain, MAX_HOPS, context)
  return { equals: { link: links.map((link) => link.key) } }
}

/** Each link before the ones below it, brothers by time of issue: an unbranched chain is its path. */
function treeOrder(root: string, links: readonly GraphNode[]): GraphNode[] {
  const below = Map.groupBy(links, (link) => textOf(link, 'parent') ?? '')
  const placed = new Map<string, GraphNode>()
  const place = (link: GraphNode): void => {
    if (placed.has(link.key)) return
    placed.set(link.key, link)
    const children = [...(below.get(link.key) ?? [])].sort(byIssue)
    for (const child of children) place(child)
  }
  for (const link of links) if (link.key === root) place(link)
  for (const link of links) place(link)
  return [...placed.values()]
}

function byIssue(a: GraphNode, b: GraphNode): number {
  return (intOf(a, 'issuedAt') ?? 0) - (intOf(b, 'issuedAt') ?? 0) || (a.key < b.key ? -1 : 1)
}
