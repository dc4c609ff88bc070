import { randomUUID } from 'node:crypto'
import type { GraphNode, GraphStore } from '../graph/index.ts'
import type { Matcher } from './matcher.ts'
import type { TriageRecord, Word } from './record.ts'
import { BY_ITSELF, mayFollow, type TriageState } from './states.ts'
import { named, type OtherInput, taken } from './taken.ts'
import { oneAtATime } from './turns.ts'

/** What somebody says of findings; what is not given stays. Times are epoch milliseconds. */
export type Say = Omit<Word, 'type' | 'at' | 'by' | 'findings' | 'request'> & {
  /** Each with the version of its triage that the speaker knows. */
  readonly findings: readonly { readonly id: string; readonly expected: number }[]
}

/** Why nothing was changed. */
export type Refusal =
  | { readonly refused: 'unknown'; readonly id: string }
  | { readonly refused: 'conflict'; readonly id: string; readonly version: number }
  | { readonly refused: 'transition'; readonly from: TriageState; readonly to: TriageState }
  | { readonly refused: 'too_many' }
  | OtherInput

interface Rule {
  readonly matcher: Matcher
  readonly reason: string
  readonly until: number
}

/**
 * Where words about findings are taken: into the journal first, then into the graph. What comes again from the same
 * person with the same key was taken already, and is answered as it was. What was refused took no key.
 */
export interface TriageDesk {
  /** All of the findings change, or none. */
  say(say: Say, by: string, key?: string): Promise<Refusal | undefined>
  /** Gives the id of the rule. */
  suppress(rule: Rule, by: string, key?: string): Promise<string | Refusal>
  /** One that has ended already stays as it ended. */
  end(id: string, by: string, key?: string): Promise<Refusal | undefined>
  /** Reopens what is still closed or accepted, by nobody's word. */
  bringBack(ids: readonly string[], comment: string): Promise<void>
}

export interface DeskSettings {
  readonly store: GraphStore
  /** Resolves when the record is durable and in the graph. */
  readonly record: (record: TriageRecord) => Promise<void>
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** Rules that may be in force at a time: each finding is held against all of them. */
const MAX_RULES = 500

export function createDesk({ store, record, clock }: DeskSettings): TriageDesk {
  const inTurn = oneAtATime()
  const standing = async (ids: readonly string[]): Promise<Map<string, GraphNode>> =>
    new Map((await store.find('Triage', 'finding', ids)).map((node) => [node.key, node]))
  const severities = async (ids: readonly string[]): Promise<Map<string, number>> =>
    new Map(
      (await store.find('Finding', 'id', ids))
        .filter((node) => node.columns['at'] !== undefined)
        .map((node) => [node.key, Number(node.columns['severity'])]),
    )

  return {
    say: ({ findings, ...word }, by, key) =>
      inTurn(async () => {
        const request = named(by, key, { say: { findings, ...word } })
        const before = await taken(store, request)
        if (before !== undefined) return 'refused' in before ? before : undefined
        const ids = findings.map(({ id }) => id)
        const known = await severities(ids)
        const triage = await standing(ids)
        for (const { id, expected } of findings) {
          if (!known.has(id)) return { refused: 'unknown', id }
          const version = Number(triage.get(id)?.columns['version'] ?? 0)
          if (version !== expected) return { refused: 'conflict', id, version }
          const from = stateOf(triage.get(id))
          if (word.state !== undefined && !mayFollow(from, word.state)) {
            return { refused: 'transition', from, to: word.state }
          }
        }
        const told = ids.map((id) => ({ id, severity: known.get(id) ?? 0 }))
        await record({ type: 'triage', at: clock(), by, findings: told, ...word, ...request })
        return undefined
      }),
    suppress: ({ matcher, reason, until }, by, key) =>
      inTurn(async () => {
        const request = named(by, key, { suppress: { matcher, reason, until } })
        const before = await taken(store, request)
        if (before !== undefined) return 'refused' in before ? before : before.key
        const active = await store.count(
          'Suppression',
          { equals: { state: ['active'] } },
          MAX_RULES,
        )
        if (active >= MAX_RULES) return { refused: 'too_many' }
        const id = `sup_${randomUUID()}`
        const rule = { matcher, reason, until }
        await record({ type: 'suppress', at: clock(), by, id, ...rule, ...request })
        return id
      }),
    end: (id, by, key) =>
      inTurn(async () => {
        const request = named(by, key, { end: id })
        const before = await taken(store, request)
        if (before !== undefined) return 'refused' in before ? before : undefined
        const [rule] = await store.find('Suppression', 'id', [id])
        if (rule === undefined) return { refused: 'unknown', id }
        if (rule.columns['state'] !== 'active') return undefined
        await record({ type: 'end', at: clock(), by, id, ...request })
        return undefined
      }),
    bringBack: (ids, comment) =>
      inTurn(async () => {
        const aside = [...(await standing(ids)).values()].filter(
          (node) => stateOf(node) === 'closed' || stateOf(node) === 'accepted',
        )
        if (aside.length === 0) return
        const known = await severities(aside.map(({ key }) => key))
        const findings = aside.map(({ key: id }) => ({ id, severity: known.get(id) ?? 0 }))
        const at = clock()
        await record({ type: 'triage', at, by: BY_ITSELF, findings, state: 'new', comment })
      }),
  }
}

function stateOf(node: GraphNode | undefined): TriageState {
  return (node?.columns['state'] as TriageState | undefined) ?? 'new'
}
