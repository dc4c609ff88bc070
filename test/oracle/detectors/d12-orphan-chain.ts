import type { ActionEvent } from '../../eval/format.ts'
import { isAuthorised } from '../authority.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { tellLinkFault } from '../link-findings.ts'

/** Nobody accountable stands behind it: an unrooted chain, an agent without a live owner, or no chain at all. */
export function orphanChain(h: History): Finding[] {
  const links = h.links
    .filter((link) => link.parent === null && !h.isPrincipal(link.issuer))
    .flatMap((link) => {
      const why = `its issuer ${link.issuer} is no accountable principal`
      return tellLinkFault(h, { detector: 'D12', class: 'X', link, why })
    })
  const uses = h.actions.flatMap((x): Finding[] => {
    if (!h.counts(x)) return []
    if (h.agent(x.actor)?.kind === 'agent' && h.ownerOf(x.actor) === undefined)
      return [note(x, `nobody answers for ${x.actor}`)]
    if (x.chain === null && !isAuthorised(h, x)) return [note(x, 'it cites no chain')]
    return []
  })
  return [...links, ...uses]
}

const note = (x: ActionEvent, why: string) =>
  ({ detector: 'D12', class: 'X', at: x.id, culprit: null, why }) as const
