import type { ActionEvent, LinkEvent, Permission } from '../../eval/format.ts'
import { approves } from '../approvals.ts'
import type { Finding } from '../finding.ts'
import { type History, isBefore } from '../history.ts'
import { routesTo } from '../influence.ts'
import {
  citedPath,
  mayByStanding,
  type Occasion,
  pathHolds,
  pathsThatHold,
  pathTo,
  principalOf,
} from '../paths.ts'

/** Two operations that no one may bring together, under roots of two principals of whom neither gave both. */
export function toxicCombination(h: History): Finding[] {
  return [...used(h), ...held(h)]
}

const areInConflict = (h: History, a: string, b: string) =>
  a !== b && h.told.conflicts.some((set) => set.includes(a) && set.includes(b))

/** Both were done. Inheritance where data went from the one to the other, an exposure where not. */
function used(h: History): Finding[] {
  const done = h.actions.filter((x) => h.counts(x))
  return done.flatMap((later) => {
    const found = done
      .filter((first) => isBefore(first, later) && areInConflict(h, first.perm, later.perm))
      .filter((first) => areTogether(h, first, later) && areOfTwoPrincipals(h, first, later))
      .map((first) => ({ first, flowed: hasFlowed(h, first, later) }))
    const worst = found.find((one) => one.flowed) ?? found[0]
    if (!worst) return []
    const why = `it goes with ${worst.first.id}, under another principal’s root`
    return [{ detector: 'D11', class: worst.flowed ? 'I' : 'X', at: later.id, culprit: null, why }]
  })
}

/** One agent, or one owner's agents in one task. Over two tasks only a flow brings an agent's work together. */
function areTogether(h: History, a: ActionEvent, b: ActionEvent): boolean {
  if (a.task !== b.task) return a.actor === b.actor && hasFlowed(h, a, b)
  const owner = h.ownerOf(a.actor)
  return a.actor === b.actor || (owner !== undefined && owner === h.ownerOf(b.actor))
}

function hasFlowed(h: History, first: ActionEvent, later: ActionEvent): boolean {
  return routesTo(h, later).some((influence) => influence.flows[0]?.src === first.id)
}

function areOfTwoPrincipals(h: History, a: ActionEvent, b: ActionEvent): boolean {
  const [gaveA, gaveB] = [giversOf(h, a), giversOf(h, b)]
  return gaveA.length > 0 && gaveB.length > 0 && !gaveA.some((giver) => gaveB.includes(giver))
}

/** Every principal who gave this call to its actor: by a path, a standing grant or a yes. */
function giversOf(h: History, x: ActionEvent): string[] {
  const roots = pathsThatHold(h, x.actor, x, x).map((path) => principalOf(h, path))
  const owner = mayByStanding(h, x.actor, x) ? h.ownerOf(x.actor) : undefined
  const approvers = h
    .all('approval')
    .filter((a) => approves(h, a, x))
    .map((a) => a.approver)
  return [...roots, owner, ...approvers].filter((giver) => giver !== undefined)
}

/** Both were held at once for one task, by one agent, and not both were done. */
function held(h: History): Finding[] {
  return h.links.flatMap((later) => {
    const clash = h.links.some(
      (first) =>
        isBefore(first, later) &&
        first.holder === later.holder &&
        first.task === later.task &&
        !(isUsed(h, first) && isUsed(h, later)) &&
        first.scope.some((a) => later.scope.some((b) => clashes(h, first, a, later, b))),
    )
    if (!clash) return []
    const why = 'its holder has the other half under another principal’s root'
    return [{ detector: 'D11', class: 'X', at: later.id, culprit: later.id, why } as const]
  })
}

const isUsed = (h: History, link: LinkEvent) =>
  h.actions.some((x) => h.counts(x) && citedPath(h, x).includes(link))

function clashes(
  h: History,
  first: LinkEvent,
  a: Permission,
  later: LinkEvent,
  b: Permission,
): boolean {
  if (!areInConflict(h, a.perm, b.perm)) return false
  const on: Occasion = { task: later.task, t: later.t, seq: later.seq }
  if (!pathHolds(h, first, a, on) || !pathHolds(h, later, b, on)) return false
  const givers = (held: Permission) =>
    h.links
      .filter((l) => l.holder === later.holder && pathHolds(h, l, held, on))
      .map((l) => principalOf(h, pathTo(h, l)))
  return !givers(a).some((giver) => givers(b).includes(giver))
}
