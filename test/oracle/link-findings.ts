// A fault of a link is told at the actions that made use of it, or at the link where nobody did.
import type { ActionEvent, Detector, LinkEvent } from '../eval/format.ts'
import type { Class, Finding } from './finding.ts'
import type { History } from './history.ts'
import { citedPath } from './paths.ts'

export interface LinkFault {
  detector: Detector
  class: Class
  link: LinkEvent
  why: string
  /** Does this call, under the link, make use of the fault? All do unless said otherwise. */
  isUsedBy?: (x: ActionEvent) => boolean
}

/** Where every use was refused, failed or public, nothing came of it: an attempt. */
export function tellLinkFault(h: History, fault: LinkFault): Finding[] {
  const uses = h.actions.filter(
    (x) => citedPath(h, x).includes(fault.link) && (fault.isUsedBy?.(x) ?? true),
  )
  const places =
    uses.length === 0 ? [fault.link.id] : uses.filter((x) => h.counts(x)).map((x) => x.id)
  return places.map((at) => ({
    detector: fault.detector,
    class: fault.class,
    at,
    culprit: fault.link.id,
    why: `link ${fault.link.id}: ${fault.why}`,
  }))
}
