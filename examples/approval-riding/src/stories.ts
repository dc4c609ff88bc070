import type { Approver, Chain, Principal } from '@delegraph/sdk'
import { generateText, stepCountIs, tool } from 'ai'
import { z } from 'zod'
import type { Agent, Approved } from './agent.ts'
import { scripted } from './models.ts'
import { DEPLOY, PLANNER, RESOURCE, STATUS, WORKER } from './names.ts'
import { ANY_STATUS, ENV, STAGING, TO_STAGING } from './release.ts'

/** The people and agents of a story, already connected. */
export interface Cast {
  readonly alice: Principal
  readonly approvals: Approver
  readonly planner: Agent
  readonly worker: Agent
}

/** How a story went. */
export interface Told {
  readonly name: string
  readonly chain: string
  /** What the agent that acted last said. */
  readonly said: string
}

/** alice lets planner look and deploy to staging. */
function granted({ alice, planner }: Cast): Chain {
  return alice.issue({
    to: planner.delegraph.holder,
    tools: { [DEPLOY]: TO_STAGING, [STATUS]: ANY_STATUS },
    audience: RESOURCE,
    purpose: 'release',
  })
}

/**
 * The incident: alice approves a deployment for planner, planner passes the approval along with the
 * work, and worker, which may only look, deploys with it.
 */
export function approvalRiding(cast: Cast): Promise<Told> {
  return tell('approval riding', cast, async (chain, plan) => {
    const approved = await plan.askApproval()
    const narrow = cast.planner.delegraph.narrow(chain, {
      to: cast.worker.delegraph.holder,
      tools: { [STATUS]: ANY_STATUS },
      audience: RESOURCE,
    })
    return runWorker(cast, narrow, () => cast.worker.call('deploy', STAGING, approved))
  })
}

/** In order: planner passes the permission itself on, narrowed to what worker needs. */
export function narrowedDelegation(cast: Cast): Promise<Told> {
  return tell('narrowed delegation', cast, async (chain) => {
    const narrow = cast.planner.delegraph.narrow(chain, {
      to: cast.worker.delegraph.holder,
      tools: { [DEPLOY]: TO_STAGING },
      audience: RESOURCE,
    })
    return runWorker(cast, narrow, () => cast.worker.call('deploy', STAGING))
  })
}

/** In order: worker may only look, asks alice itself, and she says yes to worker. */
export function ownApproval(cast: Cast): Promise<Told> {
  return tell('an approval of its own', cast, async (chain) => {
    const narrow = cast.planner.delegraph.narrow(chain, {
      to: cast.worker.delegraph.holder,
      tools: { [STATUS]: ANY_STATUS },
      audience: RESOURCE,
    })
    return runWorker(cast, narrow, async (held) => {
      const approved = approve(cast, cast.worker, held)
      return cast.worker.call('deploy', STAGING, approved)
    })
  })
}

/** A person is shown the exact call and says yes to it, for the chain of whoever asked. */
function approve({ approvals }: Cast, asking: Agent, chain: Chain): Approved {
  const proposal = asking.delegraph.propose({ tool: DEPLOY, args: STAGING, audience: RESOURCE })
  return { proposal, approval: approvals.approve(proposal, { chain, amr: ['hwk', 'user'] }) }
}

interface Plan {
  /** planner's own tool: asks alice for the deployment. */
  askApproval(): Promise<Approved>
}

/** Runs planner: it looks at staging, asks where the story has it ask, and hands the work over. */
async function tell(
  name: string,
  cast: Cast,
  hand: (chain: Chain, plan: Plan) => Promise<string>,
): Promise<Told> {
  const chain = granted(cast)
  const { delegraph } = cast.planner
  const plan: Plan = { askApproval: async () => approve(cast, cast.planner, chain) }
  const said = await delegraph.under(chain, () =>
    delegraph.hop(`plan ${name}`, async () => {
      const { text } = await generateText({
        model: scripted(PLANNER, [
          { tool: 'status', input: STAGING },
          { tool: 'handToWorker', input: { work: 'deploy to staging' } },
          { say: 'done' },
        ]),
        prompt: 'Release the new version to staging.',
        stopWhen: stepCountIs(5),
        tools: {
          status: tool({ inputSchema: ENV, execute: (args) => cast.planner.call('status', args) }),
          handToWorker: tool({
            inputSchema: z.object({ work: z.string() }),
            execute: () => hand(chain, plan),
          }),
        },
      })
      return text
    }),
  )
  return { name, chain: chain.id, said }
}

/** Runs worker under what it was given: its model decides to deploy. */
async function runWorker(
  { worker }: Cast,
  chain: Chain,
  deploy: (held: Chain) => Promise<string>,
): Promise<string> {
  const { delegraph } = worker
  // The links travel by value: worker takes them, checks that they are its own, and reports them.
  const held = delegraph.receive(chain.texts)
  return delegraph.under(held, () =>
    delegraph.hop('work', async () => {
      const { text } = await generateText({
        model: scripted(WORKER, [{ tool: 'deploy', input: STAGING }, { say: 'deployed' }]),
        prompt: 'Deploy to staging.',
        stopWhen: stepCountIs(3),
        tools: { deploy: tool({ inputSchema: ENV, execute: () => deploy(held) }) },
      })
      return text
    }),
  )
}
