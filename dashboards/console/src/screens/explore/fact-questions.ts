import {
  type Change,
  type ExploreSearch,
  KINDS,
  type Subject,
  textOfArtefact,
} from './explore-search.ts'
import { endOf } from './paths/asked-ends.ts'
import type { ReachNode } from './reach-graph.ts'

/** One question that a fact of the answer leads on to. */
export interface FactQuestion {
  readonly name: 'paths' | 'reached' | 'explore' | 'avoid'
  readonly text: string
  readonly ask: () => void
}

interface Asking {
  readonly subject: Subject
  readonly search: ExploreSearch
  readonly change: Change
  readonly go: (search: ExploreSearch) => void
  readonly explore: (subject: Subject) => void
}

/** What can be asked of a fact: the inspector, the menu at the pointer and the keys offer the same. */
export function factQuestions({ subject, search, change, go, explore }: Asking) {
  return (node: Pick<ReachNode, 'kind' | 'id' | 'rows' | 'depth'>): readonly FactQuestion[] => {
    const end = endOf(node)
    const isStart = node.depth === 0
    const start = startOf(node)
    const { since, avoid = [], rules } = search
    const kept = {
      ...(since === undefined ? {} : { since }),
      ...(avoid.length === 0 ? {} : { avoid }),
      ...(rules === undefined ? {} : { rules }),
    }
    const text = end === undefined ? '' : textOfArtefact(end)
    return [
      ...(start === undefined || isStart
        ? []
        : [
            {
              name: 'explore',
              text: node.kind === 'permission' ? 'Explore from its agent' : 'Explore from here',
              ask: () => explore(start),
            } as const,
          ]),
      ...(end === undefined || isStart
        ? []
        : [
            {
              name: 'paths',
              text: 'Paths to here',
              ask: () => go({ ...subject, ask: 'paths', end: text, ...kept }),
            } as const,
          ]),
      ...(end === undefined
        ? []
        : [
            {
              name: 'reached',
              text: 'Who could reach it?',
              ask: () => go({ ...end, ask: 'reached', ...kept }),
            } as const,
          ]),
      ...(end === undefined || isStart || avoid.includes(text)
        ? []
        : [
            {
              name: 'avoid',
              text: 'Avoid it',
              ask: () => change({ avoid: [...avoid, text], select: '' }),
            } as const,
          ]),
    ]
  }
}

export type FactQuestions = ReturnType<typeof factQuestions>

/** The same as what keys do. */
export function keysOf(
  asks: FactQuestions,
  node: ReachNode,
): Partial<Record<FactQuestion['name'], () => void>> {
  return Object.fromEntries(asks(node).map(({ name, ask }) => [name, ask]))
}

/** What is held where it is explored from: of a permission the agent that has it. */
function startOf({ kind, id, rows }: Pick<ReachNode, 'kind' | 'id' | 'rows'>): Subject | undefined {
  const [row] = rows
  if (kind === 'permission')
    return row === undefined ? undefined : { kind: 'agent', id: row.agent.id }
  const known = KINDS.find((one) => one === (kind === 'call' ? 'agent' : kind))
  return known === undefined ? undefined : { kind: known, id }
}
