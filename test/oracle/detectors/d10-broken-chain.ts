import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { tellLinkFault } from '../link-findings.ts'
import { faultsOf } from '../paths.ts'

/** The chain does not hang together, or is not the one of this agent and task. */
export function brokenChain(h: History): Finding[] {
  const links = h.links.flatMap((link) =>
    faultsOf(h, link)
      .slice(0, 1)
      .flatMap((why) => tellLinkFault(h, { detector: 'D10', class: 'V', link, why })),
  )
  const uses = h.actions.flatMap((x): Finding[] => {
    const leaf = h.link(x.chain)
    if (!h.counts(x) || x.chain === null) return []
    const tell = (why: string) => [
      { detector: 'D10', class: 'V', at: x.id, culprit: x.chain, why } as const,
    ]
    if (!leaf) return tell('the link it cites is unknown')
    if (leaf.holder !== x.actor) return tell(`the link is ${leaf.holder}’s, not ${x.actor}’s`)
    if (leaf.task !== x.task) return tell('the link is of another task')
    return []
  })
  return [...links, ...uses]
}
