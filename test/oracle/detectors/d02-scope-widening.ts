import type { ActionEvent, LinkEvent, Permission } from '../../eval/format.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { type LinkFault, tellLinkFault } from '../link-findings.ts'
import { handingOnFaults } from '../paths.ts'
import { isWiderThan, scopeCovers } from '../permission.ts'

/** A link gives more than its parent, or than the link it renews: more calls, more time, more hops. */
export function scopeWidening(h: History): Finding[] {
  return h.links.flatMap((link) => faults(h, link)).flatMap((fault) => tellLinkFault(h, fault))
}

type Widening = Pick<LinkFault, 'why' | 'isUsedBy'>

function faults(h: History, link: LinkEvent): LinkFault[] {
  const parent = h.link(link.parent)
  const renewed = h.link(link.replaces)
  const found: Widening[] = handingOnFaults(h, link).map((why) => ({ why }))
  if (parent) {
    found.push(...wider(h, link, parent, 'its scope is wider than its parent’s'))
    const end = parent.exp
    if (end !== undefined && link.exp !== undefined && link.exp > end)
      found.push({ why: 'it outlives its parent', isUsedBy: (x: ActionEvent) => x.t >= end })
    if (link.t < parent.t) found.push({ why: 'it is older than its parent' })
  }
  if (renewed) found.push(...wider(h, link, renewed, 'it is wider than the link it renews'))
  return found.map((one) => ({ detector: 'D2', class: 'I', link, ...one }))
}

function wider(h: History, link: LinkEvent, above: LinkEvent, why: string): Widening[] {
  const isInside = (object: Permission) =>
    h.isPublic(object.perm) || above.scope.some((parent) => !isWiderThan(object, parent))
  if (link.scope.every(isInside)) return []
  const isUsedBy = (x: ActionEvent) => scopeCovers(link.scope, x) && !scopeCovers(above.scope, x)
  return [{ why, isUsedBy }]
}
