import { createApprover, createPrincipal } from '@delegraph/sdk'
import { connectAgent } from './agent.ts'
import { ALICE, APPROVALS, ISSUER, PLANNER, WORKER } from './names.ts'
import type { Prepared } from './prepare.ts'
import { reportTo } from './report-to.ts'
import { approvalRiding, type Cast, narrowedDelegation, ownApproval, type Told } from './stories.ts'
import { startTelemetry } from './telemetry.ts'
import { startToolServer } from './tool-server.ts'

export { type Prepared, prepare } from './prepare.ts'
export type { Told } from './stories.ts'

/**
 * Plays the incident and its two honest look-alikes against a collector, with real agents: two on
 * the AI SDK with its mock model, a tool server on the MCP SDK, each with its own key.
 */
export async function play(prepared: Prepared, collector: string): Promise<Told[]> {
  await using stack = new AsyncDisposableStack()
  const { keys } = prepared
  stack.use(startTelemetry(collector))
  const server = stack.use(await startToolServer(keys, collector))
  const alice = stack.use(
    createPrincipal({
      id: ALICE,
      iss: ISSUER,
      kid: 'root',
      key: keys.issuer,
      ...reportTo(collector),
    }),
  )
  const approvals = stack.use(
    createApprover({
      iss: APPROVALS,
      kid: 'approvals',
      key: keys.approvals,
      subject: ALICE,
      ...reportTo(collector),
    }),
  )
  const planner = stack.use(await connectAgent(PLANNER, keys.planner, collector, server.url))
  const worker = stack.use(await connectAgent(WORKER, keys.worker, collector, server.url))
  const cast: Cast = { alice, approvals, planner, worker }
  return [await approvalRiding(cast), await narrowedDelegation(cast), await ownApproval(cast)]
}
