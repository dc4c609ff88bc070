import { type ChainLink, toolsOf } from '@delegraph/link'
import {
  POLICY_PARTS,
  type PolicyApproval,
  type PolicyFacts,
  shownApproval,
} from '@delegraph/link/policy'
import type { PresentedApproval } from './parts.ts'
import type { PolicyCase } from './policy-result.ts'

/** What a policy sees of a call; undefined without a chain. */
export function factsOf(about: PolicyCase, env: string): PolicyFacts | undefined {
  const { links, at, verdict } = about
  const { tool, audience } = about.call
  const [root] = links
  const leaf = links.at(-1)
  if (root === undefined || leaf === undefined) return undefined
  const { claims } = leaf
  const agent = claims.act.sub
  const asked = about.counting === undefined ? POLICY_PARTS.filter(isNotApproval) : POLICY_PARTS
  const shown =
    about.counting === undefined
      ? {}
      : { approval: shownApproval(approvalsIn(about.counting, links), { agent, tool }) }
  return {
    ...{ tool, agent, service: audience, user: claims.sub, at, env, ...shown },
    linkExpires: claims.exp,
    chain: {
      verdict: Object.fromEntries(asked.map((part) => [part, verdict[part].state])),
      depth: links.length - 1,
      scopes: Object.keys(toolsOf(claims)).sort(),
      rootUid: root.hash,
      ageSeconds: Math.max(0, at - root.claims.iat),
      agents: links.map((link) => link.claims.act.sub),
    },
  }
}

function isNotApproval(part: (typeof POLICY_PARTS)[number]): boolean {
  return part !== 'approval'
}

/** Each with whose yes it is. */
function approvalsIn(
  approvals: readonly PresentedApproval[],
  links: readonly ChainLink[],
): readonly PolicyApproval[] {
  return approvals.map(({ digest: id, approver, tool, uses, expiresAt: expires, ...approval }) => {
    const holder = links.find(({ hash }) => hash === approval.link)?.claims.act.sub
    const subject = approval.subject ?? holder
    return { id, approver, tool, uses, expires, ...(subject === undefined ? {} : { subject }) }
  })
}
