import { type GraphNode, outcomeOf, outcomeText } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { HeldKind, HoldRecord, RetentionRecord } from './record.ts'

/** The outcome of a link whose evidence is gone: not known any more, and said why. */
export const TRIMMED = outcomeOf('chain_incomplete', 'trimmed')

export function isTrimmed(outcome: { readonly state: string; readonly detail?: string }): boolean {
  return outcome.state === 'unknown' && outcome.detail === TRIMMED_DETAIL
}

const TRIMMED_DETAIL = 'trimmed'

/** A hold and how it ended, kept in the graph as evidence of its own kind. */
export interface Hold {
  readonly id: string
  readonly what: HeldKind
  readonly target: string
  readonly reason: string
  readonly by: string
  readonly at: number
  readonly released?: { readonly reason: string; readonly by: string; readonly at: number }
}

/** The node of a hold after this record; undefined for the release of one that is not known. */
export async function holdNode(
  store: GraphStore,
  record: HoldRecord,
): Promise<GraphNode | undefined> {
  const [known] = await store.find('Evidence', 'id', [keyOfHold(record.id)])
  const before = known === undefined ? undefined : holdOf(known)
  const after = holdAfter(before, record)
  if (after === before) return known
  return after === undefined ? undefined : nodeOf(after, record.at)
}

/** A hold after a record about it; undefined for the release of one that is not known. */
export function holdAfter(known: Hold | undefined, record: HoldRecord): Hold | undefined {
  const { type, id, what, target, reason, by, at } = record
  if (type === 'hold') {
    if (known !== undefined || what === undefined || target === undefined) return known
    return { id, what, target, reason, by, at }
  }
  return known === undefined || known.released !== undefined
    ? known
    : { ...known, released: { reason, by, at } }
}

/** All holds, the oldest first. */
export async function holdsIn(store: GraphStore): Promise<Hold[]> {
  const nodes = await store.find('Evidence', 'kind', ['hold'])
  return nodes.map(holdOf).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

function holdOf(node: GraphNode): Hold {
  return JSON.parse(String(node.columns['body'])) as Hold
}

function nodeOf(hold: Hold, learnedAt: number): GraphNode {
  const id = keyOfHold(hold.id)
  const columns = { id, kind: 'hold', body: JSON.stringify(hold), learnedAt }
  return { kind: 'Evidence', key: id, columns }
}

function keyOfHold(id: string): string {
  return `hold ${id}`
}

/** What stays of what a retention record names: that it was there, and when it went. */
export function trimmedNodes(record: RetentionRecord): GraphNode[] {
  const { at, before } = record
  const gone = (what: string, id: string): GraphNode => {
    const key = trimmedKey(what, id)
    const body = JSON.stringify({ what, id, at, before })
    return { kind: 'Evidence', key, columns: { id: key, kind: 'trimmed', body, learnedAt: at } }
  }
  const chains = new Set(record.links.flatMap(({ chain }) => chain ?? []))
  return [
    ...record.links.map(
      ({ hash, chain, parent }): GraphNode => ({
        kind: 'Link',
        key: hash,
        columns: {
          hash,
          outcome: outcomeText(TRIMMED),
          ...(chain === undefined ? {} : { chain }),
          ...(parent === undefined ? {} : { parent }),
        },
      }),
    ),
    ...[...chains].map((id) => gone('chain', id)),
    ...record.findings.map((id) => gone('finding', id)),
    ...record.tasks.map((id) => gone('task', id)),
  ]
}

/** When something was trimmed, epoch milliseconds; undefined where it was not. */
export async function trimmedAt(
  store: GraphStore,
  what: string,
  id: string,
): Promise<number | undefined> {
  const key = trimmedKey(what, id)
  return (await trimmedTimes(store, [key])).get(key)
}

/** The same of several, by `trimmedKey`; what was not trimmed is left out. */
export async function trimmedTimes(
  store: GraphStore,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const nodes = await store.find('Evidence', 'id', keys)
  return new Map(
    nodes.map(({ key, columns }) => [
      key,
      Number((JSON.parse(String(columns['body'])) as { at: unknown }).at),
    ]),
  )
}

/** How somebody is told who asks for it. */
export function trimmedSentence(what: string, id: string, at: number): string {
  const day = new Date(at).toISOString().slice(0, 10)
  return `${what} ${id} was trimmed on ${day}: its evidence is older than what is kept`
}

/** What is written of a thing that was trimmed. */
export function trimmedKey(what: string, id: string): string {
  return `trimmed ${what} ${id}`
}

const BASE = 'retention base'

/** Which retention records were in force when the graph was begun; empty for none. */
export async function retentionBase(store: GraphStore): Promise<string> {
  const [node] = await store.find('Evidence', 'id', [BASE])
  return node === undefined ? '' : String(node.columns['body'])
}

export function retentionBaseNode(base: string): GraphNode {
  const columns = { id: BASE, kind: 'retention', body: base, learnedAt: 0 }
  return { kind: 'Evidence', key: BASE, columns }
}
