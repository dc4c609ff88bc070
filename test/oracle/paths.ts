// The links from a root to the one that is cited, and whether such a path holds. Section 4, `Auth`.
import type { ActionEvent, LinkEvent, Permission } from '../eval/format.ts'
import type { History, Moment } from './history.ts'
import { isBefore } from './history.ts'
import { scopeCovers } from './permission.ts'
import { purposeDrifts } from './purposes.ts'
import { isNotYet, isOver, isRevoked, taskHasEnded } from './time.ts'

/** A verifier takes sixteen links at most. */
const DEEPEST = 15

/** For which task, when, and for which declared purpose something is asked. */
export interface Occasion extends Moment {
  task: string
  purpose?: string
}

/** The links above and including this one, root first, as far as they are known. */
export function pathTo(h: History, leaf: LinkEvent): LinkEvent[] {
  const path = [leaf]
  for (let above = h.link(leaf.parent); above; above = h.link(above.parent)) {
    if (path.includes(above)) break
    path.unshift(above)
  }
  return path
}

export function citedPath(h: History, x: ActionEvent): LinkEvent[] {
  const leaf = h.link(x.chain)
  return leaf ? pathTo(h, leaf) : []
}

export const depthOf = (h: History, link: LinkEvent) => pathTo(h, link).length - 1

/** On whose behalf a chain is: its root's issuer, or whom a service or organisation names in the root. */
export function principalOf(h: History, path: readonly LinkEvent[]): string | undefined {
  const root = path[0]
  if (!root) return undefined
  const issuer = h.told.principals.find((p) => p.id === root.issuer)
  if (issuer && issuer.kind !== 'person' && root.principal) return root.principal
  return root.issuer
}

/** What is wrong with a link in its own place, whatever it grants: the checks of D10. */
export function faultsOf(h: History, link: LinkEvent): string[] {
  const faults: string[] = []
  if (link.sig !== 'ok' && link.sig !== 'missing') faults.push(`its signature is ${link.sig}`)
  const path = pathTo(h, link)
  const parent = h.link(link.parent)
  if (link.parent !== null && !parent) faults.push('its parent is unknown')
  if (parent && path[0]?.parent != null) faults.push('its ancestors form a ring')
  if (parent && parent.holder !== link.issuer) faults.push('its issuer is not its parent’s holder')
  if (parent && parent.task !== link.task) faults.push('its task is not its parent’s')
  if (link.reported_depth !== undefined && link.reported_depth !== path.length - 1)
    faults.push('its depth is not its position')
  if (isReplay(h, link)) faults.push('its token id was used before')
  return faults
}

/** A token id is used once by an issuer and once in a chain. */
function isReplay(h: History, link: LinkEvent): boolean {
  return h.links.some(
    (other) =>
      other !== link &&
      link.jti !== undefined &&
      other.jti === link.jti &&
      isBefore(other, link) &&
      (other.issuer === link.issuer || pathTo(h, other)[0] === pathTo(h, link)[0]),
  )
}

/** True if the link claims another principal than its chain's. Null is a claim: nobody's. */
export function claimsAnother(h: History, link: LinkEvent): boolean {
  return link.principal !== undefined && link.principal !== principalOf(h, pathTo(h, link))
}

/** Why this link may not hang below its parent, whatever it grants: forbidden, too deep, or a limit raised. */
export function handingOnFaults(h: History, link: LinkEvent): string[] {
  const faults: string[] = []
  const depth = depthOf(h, link)
  if (depth > Math.min(h.told.limits.max_depth ?? DEEPEST, DEEPEST)) faults.push('it is too deep')
  const parent = h.link(link.parent)
  if (!parent) return faults
  if (!parent.redelegable) faults.push('its parent may not be handed on')
  const left = depthLeft(h, parent)
  if (left <= 0) faults.push('no depth is left')
  else if (link.depth_left !== undefined && link.depth_left >= left)
    faults.push('its depth does not decrease')
  return faults
}

/** How many links may still hang below this one, as far as its ancestors say. */
function depthLeft(h: History, link: LinkEvent): number {
  const allowed = pathTo(h, link).map((l, i, path) =>
    l.depth_left === undefined ? Infinity : l.depth_left - (path.length - 1 - i),
  )
  return Math.min(...allowed)
}

export function linkIsRevoked(h: History, link: LinkEvent, at: Moment): boolean {
  const path = pathTo(h, link)
  return path.some((l, i) => {
    const issuers = path.slice(0, i + 1).map((above) => above.issuer)
    return isRevoked(h, 'link', l.id, issuers, at)
  })
}

/** True if the path to this link gives its holder this call on this occasion. */
export function pathHolds(h: History, leaf: LinkEvent, call: Permission, on: Occasion): boolean {
  const path = pathTo(h, leaf)
  const root = path[0]
  return (
    root !== undefined &&
    root.parent === null &&
    h.isPrincipal(root.issuer) &&
    !taskHasEnded(h, on.task, on) &&
    path.every(
      (link) =>
        faultsOf(h, link).length === 0 &&
        handingOnFaults(h, link).length === 0 &&
        !claimsAnother(h, link) &&
        !isNotYet(link, on) &&
        !isOver(link.exp, on) &&
        !linkIsRevoked(h, link, on) &&
        link.task === on.task &&
        !purposeDrifts(h, path, link.purpose) &&
        scopeCovers(link.scope, call),
    ) &&
    !purposeDrifts(h, path, on.purpose)
  )
}

/** Every path that gives the agent this call on this occasion; each stands alone, none are added together. */
export function pathsThatHold(
  h: History,
  agent: string,
  call: Permission,
  on: Occasion,
): LinkEvent[][] {
  return h.links
    .filter((leaf) => leaf.holder === agent && pathHolds(h, leaf, call, on))
    .map((leaf) => pathTo(h, leaf))
}

export function mayByStanding(h: History, agentId: string, call: Permission): boolean {
  const agent = h.agent(agentId)
  return agent?.kind === 'agent' && scopeCovers(agent.standing, call)
}

/** `Auth(y, π | τ, t)`: one path, or a standing grant. A party outside every grant has neither. */
export function hasAuth(h: History, agentId: string, call: Permission, on: Occasion): boolean {
  if (h.agent(agentId)?.kind === 'external') return false
  return mayByStanding(h, agentId, call) || pathsThatHold(h, agentId, call, on).length > 0
}

/** True if the path that the action cites gives its actor what it did. */
export function citedPathCovers(h: History, x: ActionEvent): boolean {
  const leaf = h.link(x.chain)
  return leaf !== undefined && leaf.holder === x.actor && pathHolds(h, leaf, x, x)
}
