import { counted } from '../../shared/short.ts'
import type { ChainAction, ChainLink } from './documents.ts'
import { pathTo } from './path.ts'
import { chipOfAction, isUnexplained } from './scope-funnel.ts'

/** One way down a chain that was handed on to several: who handed to whom, and what went wrong on it alone. */
export interface Branch {
  /** Its lowest link. */
  readonly leaf: string
  /** From where it parts from the others: `planner`, `worker`. */
  readonly names: readonly string[]
  /** `1 call failed`; empty where nothing went wrong. */
  readonly troubles: readonly string[]
}

/** Branches that are told at most, and that are looked at. */
const MAX_BRANCHES = 12
const MAX_LEAVES = 200

export interface Branches {
  /** Those on which something went wrong first. */
  readonly branches: readonly Branch[]
  /** All that there are. */
  readonly all: number
}

/** Empty where the chain is one line. */
export function branchesOf(links: readonly ChainLink[], actions: readonly ChainAction[]): Branches {
  const children = Map.groupBy(links, ({ parentHash }) => parentHash ?? '')
  const leaves = links.filter(({ hash }) => !children.has(hash))
  if (leaves.length < 2) return { branches: [], all: 0 }
  const under = Map.groupBy(actions, ({ link }) => link?.hash ?? '')
  const told = leaves.slice(0, MAX_LEAVES).map((leaf): Branch => {
    const path = pathTo(leaf, links)
    const fork = path.findLastIndex(({ hash }) => (children.get(hash)?.length ?? 0) > 1)
    const own = path.slice(fork + 1)
    const from = path[fork]?.delegate?.name ?? own[0]?.delegator?.name ?? 'unknown'
    return {
      leaf: leaf.hash,
      names: [from, ...own.map(({ delegate }) => delegate?.name ?? 'unknown')],
      troubles: troublesOf(
        own,
        own.flatMap(({ hash }) => under.get(hash) ?? []),
      ),
    }
  })
  const sorted = told.toSorted(
    (a, b) => Number(b.troubles.length > 0) - Number(a.troubles.length > 0),
  )
  return { branches: sorted.slice(0, MAX_BRANCHES), all: leaves.length }
}

function troublesOf(links: readonly ChainLink[], actions: readonly ChainAction[]): string[] {
  const done = (effect: ChainAction['effect']): number =>
    actions.filter((action) => action.effect === effect).length
  return [
    [
      links.filter(({ verdict }) => verdict.state === 'FAILED').length,
      'link does not hold',
      'links do not hold',
    ] as const,
    [links.filter(({ arrived }) => !arrived).length, 'link missing', 'links missing'] as const,
    [done('FAILED'), 'call failed', 'calls failed'] as const,
    [done('DENIED'), 'call denied', 'calls denied'] as const,
    [
      actions.filter((action) => isUnexplained(chipOfAction(action))).length,
      'unexplained permission',
    ] as const,
  ].flatMap(([number, one, many]) => (number === 0 ? [] : [counted(number, one, many)]))
}
