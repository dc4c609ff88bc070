import { ATTR, GEN_AI, GEN_AI_OPERATION } from '@delegraph/graph-schema'
import { canonicalize, PROFILE } from '@delegraph/link'
import type { Attributes } from '../evidence/event.ts'
import type { Chain } from '../link/chain.ts'
import type { Proposal } from './proposal.ts'

/** What every span under a link says. */
export function chainAttributes(chain: Chain | undefined, agent: string): Attributes {
  if (chain === undefined) return { [ATTR.agentId]: agent }
  return {
    [ATTR.agentId]: chain.leaf.act.sub,
    [ATTR.chainId]: chain.id,
    [ATTR.linkHash]: chain.hash,
    [ATTR.taskId]: chain.task,
  }
}

/** What the span that starts a hop says beside it; with the link itself where texts may go. */
export function hopAttributes(chain: Chain, withText: boolean): Attributes {
  const text = chain.texts.at(-1) ?? ''
  const { par_hash: parent, del_depth: depth } = chain.leaf
  return {
    [ATTR.profile]: PROFILE,
    [ATTR.depth]: depth,
    ...(parent === undefined ? {} : { [ATTR.parentHash]: parent }),
    ...(withText ? { [ATTR.linkJws]: text, [ATTR.linkSize]: text.length } : {}),
  }
}

/** What a call is, for spans and events; `disclose` is false with the setting `args: none`. */
export function callAttributes(proposal: Proposal, disclose: boolean): Attributes {
  return {
    [ATTR.tool]: proposal.tool,
    [ATTR.actionHash]: proposal.hash,
    [ATTR.actionRest]: proposal.rest,
    ...(proposal.audience === '' ? {} : { [ATTR.audience]: proposal.audience }),
    ...(disclose
      ? {
          [ATTR.actionArgs]: canonicalize(proposal.disclosed),
          [ATTR.actionArgNames]: proposal.argNames,
        }
      : {}),
  }
}

/** The names that dashboards of agents know. */
export function genAiAttributes(tool: string): Attributes {
  return { [GEN_AI.operationName]: GEN_AI_OPERATION.executeTool, [GEN_AI.toolName]: toolName(tool) }
}

/** The last part of a tool URI, for people. */
export function toolName(tool: string): string {
  const name = tool.slice(Math.max(tool.lastIndexOf('#'), tool.lastIndexOf('/')) + 1)
  return name === '' ? tool : name
}
