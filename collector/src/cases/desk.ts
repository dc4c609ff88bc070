import { randomUUID } from 'node:crypto'
import type { GraphNode, GraphStore } from '../graph/index.ts'
import { type Named, named, type OtherInput, taken } from '../triage/taken.ts'
import { oneAtATime } from '../triage/turns.ts'
import type { CaseItem, CaseRecord } from './record.ts'
import { knownSubjects } from './subjects.ts'
import { aboutOf, type CaseState, itemKey, MAX_CASE_ITEMS, type Subject } from './words.ts'

/** A thing that is put into a case. */
export type Added = Subject & { readonly note?: string }

/** Which case, as the speaker knows it. */
export interface Known {
  readonly id: string
  readonly expected: number
}

/** Why nothing was changed. */
export type CaseRefusal =
  | { readonly refused: 'unknown_case'; readonly id: string }
  | { readonly refused: 'unknown_item'; readonly item: Subject }
  | { readonly refused: 'not_in_case'; readonly item: Subject }
  | { readonly refused: 'conflict'; readonly node: GraphNode }
  | { readonly refused: 'closed'; readonly node: GraphNode }
  | { readonly refused: 'too_many' }
  | OtherInput

/**
 * Where words about cases are taken: into the journal first, then into the graph. Each answers with the id of the
 * case. What comes again from the same person with the same key was taken already. What was refused took no key.
 */
export interface CaseDesk {
  open(
    said: { readonly title: string; readonly comment?: string; readonly items: readonly Added[] },
    by: string,
    key?: string,
  ): Promise<string | CaseRefusal>
  /** What is in the case already stays as it was added. */
  add(
    known: Known,
    items: readonly Added[],
    by: string,
    key?: string,
  ): Promise<string | CaseRefusal>
  take(
    known: Known,
    items: readonly Subject[],
    by: string,
    key?: string,
  ): Promise<string | CaseRefusal>
  /** What is not given stays, and what is so already is not said again. A closed case can be talked of, renamed and opened again. */
  change(known: Known, change: CaseChange, by: string, key?: string): Promise<string | CaseRefusal>
}

export interface CaseChange {
  readonly title?: string
  readonly state?: CaseState
  readonly comment?: string
}

export interface CaseDeskSettings {
  readonly store: GraphStore
  /** Resolves when the record is durable and in the graph. */
  readonly record: (record: CaseRecord) => Promise<void>
  /** Epoch milliseconds. */
  readonly clock: () => number
}

export function createCaseDesk({ store, record, clock }: CaseDeskSettings): CaseDesk {
  const inTurn = oneAtATime()

  /** The case where it is as the speaker knows it. */
  const standing = async ({ id, expected }: Known): Promise<GraphNode | CaseRefusal> => {
    const [node] = await store.find('Case', 'id', [id])
    if (node === undefined) return { refused: 'unknown_case', id }
    return Number(node.columns['version']) === expected ? node : { refused: 'conflict', node }
  }
  const openCase = async (known: Known): Promise<GraphNode | CaseRefusal> => {
    const node = await standing(known)
    if ('refused' in node || node.columns['state'] === 'open') return node
    return { refused: 'closed', node }
  }
  const present = async (id: string, items: readonly Subject[]): Promise<Set<string>> => {
    const keys = items.map((item) => itemKey(id, item))
    return new Set((await store.find('CaseItem', 'id', keys)).map(({ key }) => key))
  }
  const known = async (items: readonly Added[]): Promise<CaseItem[] | CaseRefusal> => {
    const subjects = await knownSubjects(store, items)
    const missing = items.find((item) => !subjects.has(aboutOf(item)))
    if (missing !== undefined) return { refused: 'unknown_item', item: missing }
    return items.map((item) => ({ ...item, ...subjects.get(aboutOf(item)) }))
  }

  /** In its turn, and once for a key: what was said before under it is answered as it was. */
  const once = (
    by: string,
    key: string | undefined,
    input: Readonly<Record<string, unknown>>,
    say: (request: Named) => Promise<string | CaseRefusal>,
  ): Promise<string | CaseRefusal> =>
    inTurn(async () => {
      const request = named(by, key, input)
      return caseOf(await taken(store, request)) ?? say(request)
    })

  return {
    open: ({ title, comment, items }, by, key) =>
      once(by, key, { openCase: { title, comment, items } }, async (request) => {
        const all = await known(items)
        if ('refused' in all) return all
        const id = `case_${randomUUID()}`
        const said = { id, title, ...(comment === undefined ? {} : { comment }), items: all }
        await record({ type: 'open', at: clock(), by, ...said, ...request })
        return id
      }),
    add: (which, items, by, key) =>
      once(by, key, { addToCase: { which, items } }, async (request) => {
        const node = await openCase(which)
        if ('refused' in node) return node
        const { id } = which
        const there = await present(id, items)
        const others = items.filter((item) => !there.has(itemKey(id, item)))
        const all = await known(others)
        if ('refused' in all) return all
        if (all.length === 0) return id
        if (Number(node.columns['size']) + all.length > MAX_CASE_ITEMS)
          return { refused: 'too_many' }
        await record({ type: 'add', at: clock(), by, id, items: all, ...request })
        return id
      }),
    take: (which, items, by, key) =>
      once(by, key, { takeFromCase: { which, items } }, async (request) => {
        const node = await openCase(which)
        if ('refused' in node) return node
        const { id } = which
        const there = await present(id, items)
        const missing = items.find((item) => !there.has(itemKey(id, item)))
        if (missing !== undefined) return { refused: 'not_in_case', item: missing }
        await record({ type: 'take', at: clock(), by, id, items: [...items], ...request })
        return id
      }),
    change: (which, change, by, key) =>
      once(by, key, { changeCase: { which, change } }, async (request) => {
        const node = await standing(which)
        if ('refused' in node) return node
        const { id } = which
        const said = news(change, node)
        if (Object.keys(said).length === 0) return id
        await record({ type: 'change', at: clock(), by, id, ...said, ...request })
        return id
      }),
  }
}

/** What of a change is another than before. */
function news(change: CaseChange, { columns }: GraphNode): CaseChange {
  return Object.fromEntries(
    Object.entries(change).filter(([name, value]) => name === 'comment' || columns[name] !== value),
  )
}

/** The case that a mutation was about. */
function caseOf(before: GraphNode | OtherInput | undefined): string | OtherInput | undefined {
  if (before === undefined || 'refused' in before) return before
  return String(before.columns['case'])
}
