import { approvalsOf } from '@delegraph/link'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import type { Call, Proposal } from '../act/proposal.ts'
import type { Delegraph } from '../delegraph.ts'
import type { Chain } from '../link/chain.ts'

/** What an application says before a call is made. */
export interface Permission {
  /** Signed approvals to present. */
  readonly approvals: readonly string[]
  /** The call as it was approved, where that was proposed earlier or elsewhere. */
  readonly proposal?: Proposal
}

/**
 * Asked before each call, to get or look up what must be presented with it. Throw `SdkError`
 * `denied` to keep the call from being made.
 */
export type AskPermission = (
  proposal: Proposal,
  about: {
    readonly chain: Chain | undefined /** The chain asks for an approval. */
    readonly required: boolean
  },
) => Permission | Promise<Permission>

/** Opens the call, with what the application wants presented; at once unless it has to be waited for. */
export function openPermitted(
  delegraph: Delegraph,
  call: Call,
  options: ActOptions,
  ask: AskPermission | undefined,
): OpenAct | Promise<OpenAct> {
  if (ask === undefined) return delegraph.openAct(call, options)
  const proposal = delegraph.propose(call)
  const chain = delegraph.active()
  const open = (permission: Permission): OpenAct =>
    delegraph.openAct(permission.proposal ?? proposal, {
      ...options,
      approvals: permission.approvals,
    })
  const refused = (error: unknown): never => {
    // Nothing was done: the receipt says that it was refused, and why is the application's.
    delegraph.openAct(proposal, options).end('denied')
    throw error
  }
  try {
    const permission = ask(proposal, { chain, required: isRequired(chain, call.tool) })
    return permission instanceof Promise ? permission.then(open, refused) : open(permission)
  } catch (error) {
    return refused(error)
  }
}

function isRequired(chain: Chain | undefined, tool: string): boolean {
  const asked = chain === undefined ? undefined : approvalsOf(chain.leaf)
  return asked !== undefined && Object.hasOwn(asked, tool)
}
