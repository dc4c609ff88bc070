import type { GrantedTool, GraphNode } from '@delegraph/graph-schema'
import { scopeDiff, type ToolGrants } from '@delegraph/link'
import { isForeign, outcomeFrom, type PathLink, pathLinkOf } from '../../verify/path.ts'
import { limits } from '../../verify/words.ts'
import { intOf, textOf, textsOf, wordOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'
import { fromNumericDate } from '../instants.ts'
import { chainOf } from './chain.ts'
import { agentRef, type Fields, partyRef, principalRef } from './fields.ts'
import { nodeId } from './node-id.ts'
import { withdrawalsOfLink } from './withdrawal.ts'

const SIGNATURES = ['valid', 'invalid', 'unchecked', 'missing'] as const

/** A link as the graph has it. */
export const linkFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Link', node.key),
  hash: (node) => node.key,
  uid: (node) => node.key,
  parentUid: (node) => textOf(node, 'parent'),
  issuerUid: (node) => textOf(node, 'issuer'),
  expirationTime: (node) => fromNumericDate(intOf(node, 'expiresAt')),
  profile: (node) => pathLinkOf(node).profile,
  grade: (node) => pathLinkOf(node).grade,
  scopes: (node) => textsOf(node, 'scopes'),
  arrived: (node) => pathLinkOf(node).arrived,
  parentHash: (node) => textOf(node, 'parent'),
  depth: (node) => intOf(node, 'depth') ?? 0,
  maxDepth: (node) => intOf(node, 'maxDepth'),
  delegator: async (node, _, context) => {
    const link = pathLinkOf(node)
    if (link.delegator !== 'unknown') return partyRef(link.delegator, link.parent === undefined)
    if (link.parent === undefined) return principalRef(link.principal)
    return agentRef(textOf((await parentOf(node, context)) ?? node, 'agent'))
  },
  delegate: (node) => agentRef(textOf(node, 'agent')),
  issuer: (node) => textOf(node, 'issuer'),
  holderKey: (node) => textOf(node, 'holderKey'),
  principal: (node) => principalRef(textOf(node, 'principal')),
  task: (node) => textOf(node, 'task'),
  purpose: (node) => textOf(node, 'purpose'),
  audience: (node) => pathLinkOf(node).audience,
  granted: async (node, _, context) => {
    const all = changes(pathLinkOf(node), await grantsAbove(node, context))
    return all.filter((tool) => tool.change !== 'dropped')
  },
  changes: async (node, _, context) => {
    const above = await grantsAbove(node, context)
    return above === undefined ? undefined : changes(pathLinkOf(node), above)
  },
  approvalNeededFor: (node) => Object.keys(pathLinkOf(node).approvals).sort(),
  signature: (node) =>
    pathLinkOf(node).arrived
      ? wordOf(textOf(node, 'signature'), SIGNATURES, 'unchecked')
      : 'missing',
  verdict: (node) => {
    const link = pathLinkOf(node)
    return isForeign(link) ? outcomeFrom(textOf(node, 'reading')) : link.outcome
  },
  problems: (node) => pathLinkOf(node).problems,
  flags: (node) => pathLinkOf(node).flags,
  withdrawals: (node, _, context) => withdrawalsOfLink(node, context),
  issuedAt: (node) => fromNumericDate(intOf(node, 'issuedAt')),
  expiresAt: (node) => fromNumericDate(intOf(node, 'expiresAt')),
  chain: (node, _, context) => chainOf(node.key, context),
  parent: (node, _, context) => parentOf(node, context),
}

/** A tool as a person reads it: `dropped` ones keep the limits that the parent had. */
export interface ChangedTool extends Omit<GrantedTool, 'change'> {
  readonly change?: GrantedTool['change'] | 'dropped'
}

function changes(link: PathLink, above: ToolGrants | undefined): ChangedTool[] {
  if (above === undefined) {
    return Object.entries(link.tools).map(([tool, map]) => ({ tool, limits: limits(map) }))
  }
  return scopeDiff(above, link.tools).map(({ tool, change }) => ({
    tool,
    limits: limits(link.tools[tool] ?? above[tool] ?? {}),
    change,
  }))
}

/** Undefined at a root, and where the parent is only named: nothing is compared with nothing. */
async function grantsAbove(node: GraphNode, context: ApiContext): Promise<ToolGrants | undefined> {
  const parent = await parentOf(node, context)
  if (parent === undefined || textOf(parent, 'tools') === undefined) return undefined
  return pathLinkOf(parent).tools
}

async function parentOf(node: GraphNode, context: ApiContext): Promise<GraphNode | undefined> {
  const parent = textOf(node, 'parent')
  return parent === undefined ? undefined : context.load.node.Link(parent)
}
