import { DETAIL_TYPE, type IssuedLink, type LinkClaims } from '@delegraph/link'
import type { Chain, Proposal } from '@delegraph/sdk'
import { context } from '@opentelemetry/api'
import { runtimeOf } from '../../../sdk/src/act/runtime.ts'
import { isHeldBy } from '../../../sdk/src/link/chain.ts'
import { runWith } from '../../../sdk/src/trace/run.ts'
import type { ActionEvent, Where } from '../format.ts'
import type { Actor, Part, Stage } from './stage.ts'

/**
 * Runs a function with an agent acting under a part of a link. A chain of somebody else is refused by
 * the SDK's `under`: whoever acts on it all the same puts it in force by himself.
 */
export function actingUnder<Result>(
  actor: Actor,
  part: Part | undefined,
  run: () => Result,
): Result {
  if (part === undefined) return run()
  const { chain } = part
  if (chain !== undefined && isHeldBy(chain, actor.key.jwk)) return actor.sdk.under(chain, run)
  const { storage } = runtimeOf(actor.sdk)
  return runWith(storage, { chain: borrowed(actor, part), context: context.active() }, run)
}

/** What an agent puts in force that does not hold it, or that nobody signed. */
function borrowed(actor: Actor, part: Part): Chain {
  const known = part.chain?.leaf
  const claims = {
    ...known,
    txn: part.task,
    act: { sub: actor.product, sub_profile: 'ai_agent' },
    authorization_details: [{ type: DETAIL_TYPE, tools: part.tools }],
  } as unknown as LinkClaims
  const link: IssuedLink = { text: part.chain?.texts.at(-1) ?? '', hash: part.hash, claims }
  return {
    texts: part.chain?.texts ?? [],
    hashes: part.chain?.hashes ?? [part.hash],
    id: part.root,
    hash: part.hash,
    leaf: claims,
    task: part.task,
    links: part.chain?.links ?? [link],
  }
}

/** The concrete call as its agent proposes it. */
export function proposed(
  stage: Stage,
  agent: string,
  perm: string,
  args: Where,
  part: Part | undefined,
): Proposal {
  const actor = stage.actor(agent)
  const call = { tool: stage.names.tool(perm), args }
  return actingUnder(actor, part, () =>
    actor.sdk.propose(call as Parameters<Actor['sdk']['propose']>[0]),
  )
}

/** The call that an action will be, proposed at most once. */
export function proposalFor(stage: Stage, action: ActionEvent, part: Part | undefined): Proposal {
  const known = stage.proposals.get(action.id)
  if (known !== undefined) return known
  const made = proposed(stage, action.actor, action.perm, action.where, part)
  stage.proposals.set(action.id, made)
  return made
}
