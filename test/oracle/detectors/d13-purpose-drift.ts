import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { tellLinkFault } from '../link-findings.ts'
import { citedPath, pathTo } from '../paths.ts'
import { purposeDrifts } from '../purposes.ts'

/** A link or an action declares a purpose that is not its chain's, nor one below it. */
export function purposeDrift(h: History): Finding[] {
  const links = h.links
    .filter((link) => purposeDrifts(h, pathTo(h, link), link.purpose))
    .flatMap((link) => {
      const why = `${link.purpose} is not its chain’s purpose`
      return tellLinkFault(h, { detector: 'D13', class: 'V', link, why })
    })
  const uses = h.actions
    .filter((x) => h.counts(x) && purposeDrifts(h, citedPath(h, x), x.purpose))
    .map((x): Finding => {
      const why = `${x.purpose} is not its chain’s purpose`
      return { detector: 'D13', class: 'V', at: x.id, culprit: x.chain, why }
    })
  return [...links, ...uses]
}
