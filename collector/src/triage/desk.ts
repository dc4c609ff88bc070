import { randomUUID } from 'node:crypto'
import type { GraphNode, GraphStore } from '../graph/index.ts'
import type { Matcher } from './matcher.ts'
import type { TriageRecord, Word } from './record.ts'
import { BY_ITSELF, mayFollow, type TriageState } from './states.ts'

/** What somebody says of findings; what is not given stays. Times are epoch milliseconds. */
export type Say = Omit<Word, 'type' | 'at' | 'by' | 'findings'> & {
  /** Each with the version of its triage that the speaker knows. */
  readonly findings: readonly { readonly id: string; readonly expected: number }[]
}

/** Why nothing was changed. */
export type Refusal =
  | { readonly refused: 'unknown'; readonly id: string }
  | { readonly refused: 'conflict'; readonly id: string; readonly version: number }
  | { readonly refused: 'transition'; readonly from: TriageState; readonly to: TriageState }
  | { readonly refused: 'too_many' }

/** Where words about findings are taken: into the journal first, then into the graph. */
export interface TriageDesk {
  /** All of the findings change, or none. */
  say(say: Say, by: string): Promise<Refusal | undefined>
  /** Gives the id of the rule. */
  suppress(
    rule: { readonly matcher: Matcher; readonly reason: string; readonly until: number },
    by: string,
  ): Promise<string | Refusal>
  /** One that has ended already stays as it ended. */
  end(id: string, by: string): Promise<Refusal | undefined>
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
  // One at a time: between the look at a version and the record nobody else may say something.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }
  const standing = async (ids: readonly string[]): Promise<Map<string, GraphNode>> =>
    new Map((await store.find('Triage', 'finding', ids)).map((node) => [node.key, node]))
  const severities = async (ids: readonly string[]): Promise<Map<string, number>> =>
    new Map(
      (await store.find('Finding', 'id', ids))
        .filter((node) => node.columns['at'] !== undefined)
        .map((node) => [node.key, Number(node.columns['severity'])]),
    )

  return {
    say: ({ findings, ...word }, by) =>
      inTurn(async () => {
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
        await record({ type: 'triage', at: clock(), by, findings: told, ...word })
        return undefined
      }),
    suppress: ({ matcher, reason, until }, by) =>
      inTurn(async () => {
        const active = await store.count(
          'Suppression',
          { equals: { state: ['active'] } },
          MAX_RULES,
        )
        if (active >= MAX_RULES) return { refused: 'too_many' }
        const id = `sup_${randomUUID()}`
        await record({ type: 'suppress', at: clock(), by, id, matcher, reason, until })
        return id
      }),
    end: (id, by) =>
      inTurn(async () => {
        const [rule] = await store.find('Suppression', 'id', [id])
        if (rule === undefined) return { refused: 'unknown', id }
        if (rule.columns['state'] === 'active') await record({ type: 'end', at: clock(), by, id })
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
