import type { ActionEvent } from '../../eval/format.ts'
import { approves } from '../approvals.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { tellLinkFault } from '../link-findings.ts'
import { citedPath, claimsAnother, mayByStanding, pathsThatHold, principalOf } from '../paths.ts'

/** It was done in the name of one principal on what another gave. */
export function principalSubstitution(h: History): Finding[] {
  const links = h.links
    .filter((link) => claimsAnother(h, link))
    .flatMap((link) => {
      const why = `it claims to be for ${link.principal ?? 'nobody'}`
      return tellLinkFault(h, { detector: 'D15', class: 'I', link, why })
    })
  const uses = h.actions
    .filter((x) => h.counts(x) && x.principal !== undefined && !isItsOwn(h, x, x.principal))
    .map((x): Finding => {
      const why = `it claims to be for ${x.principal ?? 'nobody'}`
      return { detector: 'D15', class: 'I', at: x.id, culprit: x.chain, why }
    })
  return [...links, ...uses]
}

function isItsOwn(h: History, x: ActionEvent, claimed: string | null): boolean {
  const path = citedPath(h, x)
  if (path.length > 0 && principalOf(h, path) === claimed) return true
  if (claimed === null) return path.length === 0
  if (path.length === 0 && !usesAnothersRights(h, x, claimed)) return true
  return hasGrantFrom(h, x, claimed)
}

/** Without a chain: the standing permission of an agent that another principal answers for. */
const usesAnothersRights = (h: History, x: ActionEvent, claimed: string) =>
  mayByStanding(h, x.actor, x) && h.ownerOf(x.actor) !== claimed

/** The signed switch: a path of the actor rooted at that principal, or that principal's yes. */
function hasGrantFrom(h: History, x: ActionEvent, principal: string): boolean {
  return (
    pathsThatHold(h, x.actor, x, x).some((path) => principalOf(h, path) === principal) ||
    h.all('approval').some((a) => a.approver === principal && approves(h, a, x))
  )
}
