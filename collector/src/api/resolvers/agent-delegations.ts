import type { GraphNode } from '@delegraph/graph-schema'
import { pathLinkOf } from '../../verify/path.ts'
import { intOf, textOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'
import { fromNumericDate } from '../instants.ts'
import { heldLinks, LOOKED_AT } from './agent-granted.ts'
import { type AgentRef, agentRef, type PrincipalRef, partyRef } from './fields.ts'

type Party = AgentRef | PrincipalRef

interface Delegations {
  readonly parties: readonly {
    readonly party: Party
    readonly links: number
    readonly lastIssuedAt: Date | undefined
  }[]
  readonly complete: boolean
}

/** To whom an agent handed on what it holds. */
export async function delegatesTo(agent: string, { store }: ApiContext): Promise<Delegations> {
  const issued = await store.neighbours('ISSUED_BY', 'in', [agent], LOOKED_AT + 1)
  const links = await store.find('Link', 'hash', issued.slice(0, LOOKED_AT))
  return summed(links, (link) => agentRef(textOf(link, 'agent')), issued.length <= LOOKED_AT)
}

/** Who handed on to an agent: a principal where it holds a root link. */
export async function delegatedBy(agent: string, context: ApiContext): Promise<Delegations> {
  const held = await heldLinks(agent, LOOKED_AT + 1, context)
  const giver = (node: GraphNode): Party | undefined => {
    const link = pathLinkOf(node)
    const root = link.parent === undefined
    return partyRef(link.delegator === 'unknown' && root ? link.principal : link.delegator, root)
  }
  return summed(held.slice(0, LOOKED_AT), giver, held.length <= LOOKED_AT)
}

function summed(
  links: readonly GraphNode[],
  partyOf: (link: GraphNode) => Party | undefined,
  complete: boolean,
): Delegations {
  const found = links.flatMap((link) => {
    const party = partyOf(link)
    return party === undefined ? [] : [{ party, issuedAt: intOf(link, 'issuedAt') ?? 0 }]
  })
  const groups = Map.groupBy(found, ({ party }) => `${party.kind} ${party.id}`)
  const parties = [...groups.values()].flatMap((group) => {
    const [one] = group
    if (one === undefined) return []
    const last = Math.max(...group.map(({ issuedAt }) => issuedAt))
    return { party: one.party, links: group.length, lastIssuedAt: fromNumericDate(last) }
  })
  const sorted = parties.sort((a, b) => b.links - a.links || (a.party.id < b.party.id ? -1 : 1))
  return { parties: sorted, complete }
}
