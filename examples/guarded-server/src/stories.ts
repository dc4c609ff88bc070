import {
  type Agent,
  ANY_STATUS,
  DEPLOY,
  ENV,
  PLANNER,
  RESOURCE,
  type Cast as Release,
  STAGING,
  STATUS,
  scripted,
  TO_STAGING,
  WORKER,
} from '@delegraph/example-approval-riding/cast'
import type { Chain, Key } from '@delegraph/sdk'
import { generateText, stepCountIs, tool } from 'ai'
import { widened } from './widened.ts'

/** The people and agents of the stories, already connected. */
export interface Cast extends Release {
  /** worker again, connected to an instance of the tool server that has no guard. */
  readonly workerAround: Agent
  /** With it planner signs what the SDK would not. */
  readonly plannerKey: Key
}

/** In order, and the policy has nothing to say: the chain covers it, and alice said yes to the very call. */
export function approved({ alice, approvals, planner }: Cast): Promise<string> {
  const chain = alice.issue(deploying(planner))
  return run(planner, PLANNER, chain, () => {
    const proposal = planner.delegraph.propose({ tool: DEPLOY, args: STAGING, audience: RESOURCE })
    const approval = approvals.approve(proposal, { chain, amr: ['hwk', 'user'] })
    return planner.call('deploy', STAGING, { proposal, approval })
  })
}

/** In order by the chain; the policy, which is only observed, wants a yes as well. */
export function coveredAlone({ alice, planner, worker }: Cast): Promise<string> {
  const chain = planner.delegraph.narrow(alice.issue(deploying(planner)), deploying(worker))
  return run(worker, WORKER, chain, () => worker.call('deploy', STAGING))
}

/**
 * planner may look and nothing else, and signs worker a link to deploy. The guard refuses what worker does with it; the
 * instance without a guard does not.
 */
export async function widerThanGranted(cast: Cast): Promise<string> {
  const { alice, planner, worker, workerAround, plannerKey } = cast
  const honest = planner.delegraph.narrow(alice.issue(looking(planner)), looking(worker))
  const wider = widened(honest, plannerKey, { [STATUS]: ANY_STATUS, [DEPLOY]: TO_STAGING })
  await run(worker, WORKER, wider, () => worker.call('deploy', STAGING))
  return run(workerAround, WORKER, wider, () => workerAround.call('deploy', STAGING))
}

/** alice takes back what she gave. planner goes on, and the guard, which asks nobody about that, lets it. */
export function afterItWasTakenBack({ alice, planner }: Cast): Promise<string> {
  const chain = alice.issue(deploying(planner))
  alice.revoke(chain)
  return run(planner, PLANNER, chain, () => planner.call('deploy', STAGING))
}

const deploying = ({ delegraph }: Agent) => ({
  to: delegraph.holder,
  tools: { [DEPLOY]: TO_STAGING },
  audience: RESOURCE,
})

const looking = ({ delegraph }: Agent) => ({
  to: delegraph.holder,
  tools: { [STATUS]: ANY_STATUS },
  audience: RESOURCE,
})

/** An agent whose model deploys, under a chain. */
async function run(
  { delegraph }: Agent,
  name: string,
  chain: Chain,
  deploy: () => Promise<string>,
): Promise<string> {
  return delegraph.under(chain, () =>
    delegraph.hop('deploy', async () => {
      const { text } = await generateText({
        model: scripted(name, [{ tool: 'deploy', input: STAGING }, { say: 'deployed' }]),
        prompt: 'Deploy to staging.',
        stopWhen: stepCountIs(3),
        tools: { deploy: tool({ inputSchema: ENV, execute: deploy }) },
      })
      return text
    }),
  )
}
