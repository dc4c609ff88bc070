import { type GraphNode, type GraphStore, type NodeKind, pagesOf } from '../graph/index.ts'
import { textOf } from '../project/nodes.ts'
import { toolName, who } from '../verify/words.ts'

export type MatchKind =
  | 'agent'
  | 'principal'
  | 'tool'
  | 'finding'
  | 'link'
  | 'action'
  | 'approval'
  | 'decision'

/** Something that a text may mean. */
export interface Match {
  readonly kind: MatchKind
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** The chain that it belongs to. */
  readonly chain?: string
}

export interface Matches {
  readonly matches: readonly Match[]
  /** There are no more, and everything was looked at. */
  readonly complete: boolean
}

/** Of each kind. */
const MOST = 8
/** Agents, principals and tools whose names are looked at. */
const NAMES = 2_000
/** Findings whose titles are looked at, newest first. */
const TITLES = 500
/** A shorter text begins ids by chance. */
const SHORTEST_ID = 6
const PAGE = 500

/** What a text may mean: by a part of a name or title, or by the beginning of an id. */
export async function searchIn(store: GraphStore, text: string): Promise<Matches> {
  const looks = [
    await named(store, 'Agent', 'agent', text),
    await named(store, 'Principal', 'principal', text),
    await named(store, 'Tool', 'tool', text),
    await titled(store, text),
  ]
  if (text.length >= SHORTEST_ID) {
    looks.push(
      await begun(store, 'Link', text, link),
      // Trace ids are lower case, and begin the ids of their actions.
      await begun(store, 'Action', text.toLowerCase(), action),
      await begun(store, 'Approval', text, ({ key }) => plain('approval', key)),
      await begun(store, 'Decision', text, ({ key }) => plain('decision', key)),
    )
  }
  return {
    matches: looks.flatMap(({ matches }) => matches),
    complete: looks.every(({ complete }) => complete),
  }
}

async function named(
  store: GraphStore,
  node: NodeKind,
  kind: 'agent' | 'principal' | 'tool',
  text: string,
): Promise<Matches> {
  const orderBy = kind === 'tool' ? 'uri' : 'id'
  const wanted = text.toLowerCase()
  const found: { readonly id: string; readonly rank: number }[] = []
  let seen = 0
  const all = { kind: node, where: {}, orderBy, direction: 'asc', limit: PAGE } as const
  for await (const page of pagesOf(store, all)) {
    for (const { key } of page) {
      const rank = rankOf(key.toLowerCase(), wanted)
      if (rank !== undefined) found.push({ id: key, rank })
    }
    seen += page.length
    if (seen >= NAMES) break
  }
  const best = found.sort((a, b) => a.rank - b.rank)
  return {
    matches: best.slice(0, MOST).map(({ id }) => plain(kind, id)),
    complete: seen < NAMES && found.length <= MOST,
  }
}

/** 0 where it is called so, 1 where its id or short name begins so, 2 where it is in it. */
function rankOf(id: string, wanted: string): number | undefined {
  const short = who(id)
  if (id === wanted || short === wanted) return 0
  if (id.startsWith(wanted) || short.startsWith(wanted)) return 1
  return id.includes(wanted) ? 2 : undefined
}

async function titled(store: GraphStore, text: string): Promise<Matches> {
  const newest = await store.page({
    ...{ kind: 'Finding', where: {}, orderBy: 'raisedAt', direction: 'desc' },
    limit: TITLES + 1,
  })
  const wanted = text.toLowerCase()
  const byTitle = newest
    .slice(0, TITLES)
    .filter((node) => textOf(node, 'title')?.toLowerCase().includes(wanted))
  const byId =
    text.length < SHORTEST_ID
      ? { matches: [], complete: true }
      : await begun(store, 'Finding', text, finding)
  const all = [...byId.matches, ...byTitle.flatMap((node) => finding(node) ?? [])]
  const distinct = [...new Map(all.map((match) => [match.id, match])).values()]
  return {
    matches: distinct.slice(0, MOST),
    complete: byId.complete && newest.length <= TITLES && distinct.length <= MOST,
  }
}

/** Nodes whose key begins with a text; `show` says what they are, or that they are only named so far. */
async function begun(
  store: GraphStore,
  kind: 'Finding' | 'Link' | 'Action' | 'Approval' | 'Decision',
  text: string,
  show: (node: GraphNode) => Match | undefined,
): Promise<Matches> {
  const orderBy = kind === 'Finding' || kind === 'Action' ? 'id' : 'hash'
  const page = await store.page({
    ...{ kind, where: {}, orderBy, direction: 'asc', limit: MOST + 1 },
    // The key is its own order: this is where texts that begin so stand.
    after: { value: text, key: '' },
  })
  const nodes = page.filter(({ key }) => key.startsWith(text))
  return {
    matches: nodes.slice(0, MOST).flatMap((node) => show(node) ?? []),
    complete: nodes.length <= MOST,
  }
}

function plain(kind: MatchKind, id: string): Match {
  return { kind, id, name: kind === 'approval' || kind === 'decision' ? id : who(id) }
}

function finding(node: GraphNode): Match | undefined {
  const name = textOf(node, 'title')
  return name === undefined ? undefined : { kind: 'finding', id: node.key, name }
}

function link(node: GraphNode): Match {
  const agent = textOf(node, 'agent')
  const name = agent === undefined ? node.key : `link of ${who(agent)}`
  return { kind: 'link', id: node.key, name, ...chainOf(node) }
}

function action(node: GraphNode): Match | undefined {
  const tool = textOf(node, 'tool')
  if (tool === undefined) return undefined
  const agent = textOf(node, 'agent')
  const name = agent === undefined ? toolName(tool) : `${toolName(tool)} by ${who(agent)}`
  return { kind: 'action', id: node.key, name, ...chainOf(node) }
}

function chainOf(node: GraphNode): { readonly chain?: string } {
  const chain = textOf(node, 'chain')
  return chain === undefined ? {} : { chain }
}
