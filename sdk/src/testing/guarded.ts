import { ATTR } from '@delegraph/graph-schema'
import type { ApprovalRequirements } from '@delegraph/link'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { OpenAct } from '../act/open-act.ts'
import { type Carry, presentationOf, readPresentation } from '../carriage/presentation.ts'
import { createGuard, type Guard, type GuardConfig } from '../guard/index.ts'
import type { Call, Chain, Delegraph } from '../index.ts'
import { cast, DEPLOY, deploy, RESOURCE } from './cast.ts'

export const ASKED: ApprovalRequirements = {
  [DEPLOY]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
}

export const CALL: Required<Call> = {
  tool: DEPLOY,
  args: { env: 'staging', note: 'a raw note' },
  audience: RESOURCE,
}

/** A principal, agents, a chain from one to the other, and a guard that knows whom to trust. */
export async function guarded(config: Partial<GuardConfig> = {}) {
  const people = await cast()
  const { alice, planner, worker, anchors, approvers } = people
  const root = alice.issue({ to: planner.holder, tools: deploy('staging') })
  const chain = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
  const guardWith = (more: Partial<GuardConfig> = {}): Guard =>
    createGuard({ audience: RESOURCE, trust: { anchors, approvers }, ...config, ...more })
  return { ...people, root, chain, guardWith, guard: guardWith() }
}

/** Opens a call as an agent does; whatever it presents is made of it. */
export function opened(agent: Delegraph, chain: Chain, call: Call = CALL): OpenAct {
  return agent.under(chain, () => agent.openAct(agent.propose(call)))
}

/** What an agent sends with one request of a call, as it arrives: through JSON. */
export function sent(open: OpenAct, carry?: Carry) {
  return readPresentation(JSON.parse(JSON.stringify(presentationOf(open, carry))))
}

/** The signed text on a span. */
export function textOn(span: ReadableSpan | undefined, name: keyof typeof ATTR): string {
  const value = span?.attributes[ATTR[name]]
  return typeof value === 'string' ? value : ''
}
