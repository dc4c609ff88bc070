import type { CedarValueJson, Context, EntityUid } from '@cedar-policy/cedar-wasm/nodejs'
import { OTHER_TOOL } from './schema.ts'

/** The parts of a verdict that a policy sees: all but what became of the call. */
export const POLICY_PARTS = [
  'chain',
  'possession',
  'identity',
  'status',
  'action',
  'approval',
  'decision',
] as const
export type PolicyPart = (typeof POLICY_PARTS)[number]
export type PartState = 'ok' | 'failed' | 'unknown' | 'not_applicable'

/** A verified yes that counts for this very call. */
export interface PolicyApproval {
  /** Hash of the signed text. */
  readonly id: string
  readonly approver: string
  /** Whose yes it is: the agent that it names, or that holds the link it is for; absent where that is not on the path. */
  readonly subject?: string
  readonly tool: string
  /** How many calls it is good for. */
  readonly uses: number
  /** NumericDate. */
  readonly expires: number
}

/**
 * One call, as a policy sees it. What is absent is not known: a guard knows all of it, a store that was told of the
 * call later need not. `approval` is null where none counts.
 */
export interface PolicyFacts {
  readonly tool: string
  /** Who acts. */
  readonly agent?: string
  /** At the root of the chain. */
  readonly user?: string
  /** URI of the service that is called. */
  readonly service?: string
  readonly chain: {
    readonly verdict: { readonly [Part in PolicyPart]?: PartState }
    /** Of the last link, 0 for the root. */
    readonly depth?: number
    /** Tools of the last link. */
    readonly scopes?: readonly string[]
    /** Hash of the root. */
    readonly rootUid?: string
    /** Since the root was issued. */
    readonly ageSeconds?: number
    /** Holders of its links. */
    readonly agents?: readonly string[]
  }
  readonly approval?: PolicyApproval | null
  /** NumericDate, of the last link. */
  readonly linkExpires?: number
  /** NumericDate of the call. */
  readonly at?: number
  /** What the service calls the place that it runs in, `''` where it says nothing. */
  readonly env?: string
}

/** A request to Cedar. An absent entity, and what `unknown` names, is not known. */
export interface CedarRequest {
  readonly principal: EntityUid | null
  readonly action: EntityUid
  readonly resource: EntityUid | null
  readonly context: Context
  /** Paths in the terms of the schema: `context.approval`. */
  readonly unknown: readonly string[]
}

/** `tools`: those that the policies name. */
export function requestFor(facts: PolicyFacts, tools: ReadonlySet<string>): CedarRequest {
  const unknown: string[] = []
  const known = <Value>(
    path: string,
    value: Value | undefined,
    as: (value: Value) => CedarValueJson,
  ): CedarValueJson => {
    if (value !== undefined) return as(value)
    unknown.push(path)
    return { __extn: { fn: 'unknown', arg: path } }
  }
  const { agent, tool, service, approval, chain, at } = facts
  const { verdict } = chain
  const part = (name: PolicyPart) => known(`context.chain.verdict.${name}`, verdict[name], text)
  if (agent === undefined) unknown.push('principal')
  if (service === undefined) unknown.push('resource')
  const context: Context = {
    user: known('context.user', facts.user, (id) => entity('User', id)),
    tool,
    chain: {
      verdict: Object.fromEntries(POLICY_PARTS.map((name) => [name, part(name)])),
      depth: known('context.chain.depth', chain.depth, whole),
      scopes: known('context.chain.scopes', chain.scopes, (all) => [...all]),
      rootUid: known('context.chain.rootUid', chain.rootUid, text),
      ageSeconds: known('context.chain.ageSeconds', chain.ageSeconds, whole),
      agents: known('context.chain.agents', chain.agents, (all) =>
        all.map((id) => entity('Agent', id)),
      ),
    },
    ...(approval === null ? {} : { approval: known('context.approval', approval, approvalValue) }),
    link: {
      status: known('context.link.status', verdict.status, text),
      expires: known('context.link.expires', facts.linkExpires, instant),
    },
    env: {
      at: known('context.env.at', at, instant),
      name: known('context.env.name', facts.env, text),
    },
  }
  return {
    principal: agent === undefined ? null : { type: 'Agent', id: agent },
    action: { type: 'Action', id: tools.has(tool) ? tool : OTHER_TOOL },
    resource: service === undefined ? null : { type: 'Service', id: service },
    context,
    unknown,
  }
}

/**
 * Which of several approvals a policy sees: one for this tool and whoever acts, else one for this tool, else any; of
 * equals the first by its hash, so that everybody who knows the same ones shows the same.
 */
export function shownApproval(
  approvals: readonly PolicyApproval[],
  { agent, tool }: Pick<PolicyFacts, 'agent' | 'tool'>,
): PolicyApproval | null {
  const rank = (one: PolicyApproval) =>
    (one.tool === tool ? 2 : 0) + (one.subject === agent ? 1 : 0)
  const [first] = [...approvals].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1))
  return first ?? null
}

function approvalValue(approval: PolicyApproval): CedarValueJson {
  const { id, approver, subject, tool, uses, expires } = approval
  return {
    id,
    approver: entity('User', approver),
    ...(subject === undefined ? {} : { subject: entity('Agent', subject) }),
    tool,
    uses,
    expires: instant(expires),
  }
}

function entity(type: string, id: string): CedarValueJson {
  return { __entity: { type, id } }
}

/** Cedar reads years of four digits. */
const LAST_SECOND = 253_402_300_799

function instant(seconds: number): CedarValueJson {
  const at = new Date(Math.min(seconds, LAST_SECOND) * 1000)
  return { __extn: { fn: 'datetime', arg: at.toISOString() } }
}

function text(value: string): CedarValueJson {
  return value
}

function whole(value: number): CedarValueJson {
  return value
}
