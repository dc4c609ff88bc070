import {
  ALICE,
  APPROVALS,
  connectAgent,
  ISSUER,
  PLANNER,
  type Prepared,
  reportTo,
  startTelemetry,
  startToolServer,
  type ToolServer,
  WORKER,
} from '@delegraph/example-approval-riding/cast'
import { createApprover, createPrincipal, type Key } from '@delegraph/sdk'
import { guardOf } from './guard.ts'
import {
  afterItWasTakenBack,
  approved,
  type Cast,
  coveredAlone,
  widerThanGranted,
} from './stories.ts'

/**
 * Plays four stories against a collector, with the people, agents and tool server of `approval-riding`, now that a
 * guard stands in front of all but one instance of the server.
 */
export async function play(prepared: Prepared, collector: string): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { keys } = prepared
  stack.use(startTelemetry(collector, 'guarded-server'))
  const guarded = stack.use(await startToolServer(keys, collector, guardOf(keys)))
  const unguarded = stack.use(await startToolServer(keys, collector))
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
      ...{ iss: APPROVALS, kid: 'approvals', key: keys.approvals, subject: ALICE },
      ...reportTo(collector),
    }),
  )
  const connect = async (agent: string, key: Key, { url }: ToolServer) =>
    stack.use(await connectAgent(agent, key, collector, url))
  const cast: Cast = {
    ...{ alice, approvals, plannerKey: keys.planner },
    planner: await connect(PLANNER, keys.planner, guarded),
    worker: await connect(WORKER, keys.worker, guarded),
    workerAround: await connect(WORKER, keys.worker, unguarded),
  }
  await approved(cast)
  await coveredAlone(cast)
  await widerThanGranted(cast)
  await afterItWasTakenBack(cast)
}
