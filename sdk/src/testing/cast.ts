import type { Anchor, ToolGrants, TrustedIssuer } from '@delegraph/link'
import {
  createApprover,
  createDelegraph,
  createKey,
  createPrincipal,
  type Delegraph,
  type EvidenceOptions,
} from '../index.ts'

export const DEPLOY = 'https://ops.example.com/mcp#deploy'
export const RESOURCE = 'https://ops.example.com/mcp'

/** `env` is constrained and so disclosed; `note` is not, and stays a hash. */
export function deploy(...envs: readonly string[]): ToolGrants {
  return {
    [DEPLOY]: {
      env: { constraint_type: 'one_of', values: envs },
      note: { constraint_type: 'wildcard', optional: true },
    },
  }
}

/** A principal, an approver and two agents, each with a key of its own. */
export async function cast(options: EvidenceOptions & { readonly args?: 'none' } = {}) {
  const [root, approvals, plannerKey, workerKey] = await Promise.all([
    createKey(),
    createKey(),
    createKey({ alg: 'ES256' }),
    createKey(),
  ])
  const iss = 'https://auth.example.com'
  const approverIss = 'https://approvals.example.com'
  const { args, ...evidence } = options
  const alice = createPrincipal({ id: 'person:alice', iss, kid: 'root', key: root, ...evidence })
  const approver = createApprover({
    iss: approverIss,
    kid: 'approvals',
    key: approvals,
    subject: 'person:alice',
    ...evidence,
  })
  const agent = (name: string, key: typeof root): Delegraph =>
    createDelegraph({ agent: name, key, ...options })
  const anchors: readonly Anchor[] = [{ iss, kid: 'root', jwk: root.jwk }]
  const approvers: readonly TrustedIssuer[] = [
    { iss: approverIss, kid: 'approvals', jwk: approvals.jwk },
  ]
  const planner = agent('agent:planner', plannerKey)
  const worker = agent('agent:worker', workerKey)
  const flush = async (): Promise<void> => {
    await Promise.all([alice, approver, planner, worker].map((part) => part.flush()))
  }
  const keys = { root, approvals, planner: plannerKey, worker: workerKey }
  return { alice, approver, planner, worker, anchors, approvers, keys, flush }
}
