import type { ActionEvent, LinkEvent } from '../format.ts'
import type { Unlabelled } from '../play/stage.ts'

/** Rules that know nothing of authority, on the case itself: what a detector has to beat. */
export const BASELINES = {
  /** Several acting agents in one trace. */
  agents_in_trace: (played) => {
    const byTrace = Map.groupBy(actionsOf(played), ({ trace }) => trace)
    return [...byTrace.values()].some((list) => new Set(list.map(({ actor }) => actor)).size > 1)
  },
  /** An operation that the root link of the cited chain does not name. */
  not_in_root: (played) =>
    actionsOf(played).some((action) => {
      const path = pathOf(played, action)
      return !names(path.at(-1), action.perm)
    }),
  /** An operation that the cited link does not name. */
  not_in_leaf: (played) =>
    actionsOf(played).some((action) => !names(pathOf(played, action)[0], action.perm)),
  /** A link that names an operation that its parent does not. */
  child_wider: (played) =>
    linksOf(played).some(({ parent, scope }) => {
      const above = linksOf(played).find(({ id }) => id === parent)
      return above !== undefined && scope.some(({ perm }) => !names(above, perm))
    }),
} as const satisfies Record<string, (played: Unlabelled) => boolean>

export type Baseline = keyof typeof BASELINES

function actionsOf({ events }: Unlabelled): ActionEvent[] {
  return events.filter((event) => event.type === 'action')
}

function linksOf({ events }: Unlabelled): LinkEvent[] {
  return events.filter((event) => event.type === 'link')
}

/** From the cited link up to its root. */
function pathOf(played: Unlabelled, { chain }: ActionEvent): LinkEvent[] {
  const links = new Map(linksOf(played).map((link) => [link.id, link]))
  const path: LinkEvent[] = []
  let next = chain === null ? undefined : links.get(chain)
  while (next !== undefined && !path.includes(next)) {
    path.push(next)
    next = next.parent === null ? undefined : links.get(next.parent)
  }
  return path
}

function names(link: LinkEvent | undefined, perm: string): boolean {
  return link?.scope.some((permission) => permission.perm === perm) === true
}
