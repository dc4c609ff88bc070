import { createHash } from 'node:crypto'
import {
  actionHash,
  type IssuedLink,
  type Json,
  limitsOf,
  type ReceiptClaims,
  restHash,
  type Signer,
  signingInputHash,
  splitArguments,
  textDigest,
} from '@delegraph/link'
import type { CallEvidence, CallFacts } from '../../../collector/src/evidence/types.ts'
import { COLLECTOR, T0 } from './world.ts'

export interface CallOptions {
  readonly args?: Readonly<Record<string, Json>>
  readonly approvals?: readonly string[]
  /** The call that was proposed and approved, where somebody else acts on it. */
  readonly as?: ProposedCall
  readonly at?: number
  readonly status?: 'ok' | 'failed' | 'denied'
  readonly drivers?: readonly string[]
  readonly credential?: string
  /** Signs the receipt; the actor's own key where absent, nobody for `null`. */
  readonly signer?: Signer | null
  readonly span?: boolean
  /** The service called; the call stays in its process where absent. */
  readonly audience?: string
  /** What else the agent says of the call, in its receipt and on its span. */
  readonly said?: Partial<ReceiptClaims>
  /** A link or a record of which only the hash is known. */
  readonly link?: string
  /** What the agent keeps to itself: the names of the arguments, or their values as well. */
  readonly keeps?: 'names' | 'values'
  /** Further facts of the span. */
  readonly facts?: Partial<CallFacts>
}

export interface ProposedCall {
  readonly tool: string
  readonly args: Readonly<Record<string, Json>>
  readonly rest: string
  readonly names: readonly string[]
  readonly hash: string
  readonly audience: string
}

/** A call under a link, with the arguments that the link constrains in the open. */
export function proposed(
  link: IssuedLink,
  tool: string,
  args: Readonly<Record<string, Json>>,
  audience: string,
  salt: string,
): ProposedCall {
  const split = splitArguments([limitsOf(link.claims)], tool, args)
  const rest = restHash(split.rest, salt)
  const hash = actionHash({ aud: audience, args: split.disclosed, rest, tool })
  return { tool, args: split.disclosed, rest, names: split.names, hash, audience }
}

/** A call on the agent's own account: all of it in the open. */
export function openCall(
  tool: string,
  args: Readonly<Record<string, Json>>,
  audience: string,
  salt: string,
): ProposedCall {
  const rest = restHash({}, salt)
  const hash = actionHash({ aud: audience, args, rest, tool })
  return { tool, args, rest, names: Object.keys(args).sort(), hash, audience }
}

/** Trace and span of the call with this number in its story. */
export function idsOf(number: number): { readonly trace: string; readonly span: string } {
  const hex = (text: string, length: number) =>
    createHash('sha256').update(text).digest('hex').slice(0, length)
  return { trace: hex(`trace ${number}`, 32), span: hex(`span ${number}`, 16) }
}

/** One call as it is done: who, under what, when. */
export interface DoneCall {
  readonly link: IssuedLink | undefined
  readonly agent: string
  readonly call: ProposedCall
  readonly trace: string
  readonly span: string
  readonly options: CallOptions
}

/** What the acting agent signs about a call. */
export function receiptOf(
  { link, agent, call, trace, span, options }: DoneCall,
  jti: string,
): Omit<ReceiptClaims, 'iss' | 'jti'> & { jti: string } {
  const approvals = approvalsOf(options)
  return {
    aud: COLLECTOR,
    jti,
    iat: options.at ?? T0 + 30,
    aat_tool: call.tool,
    action_hash: call.hash,
    result: { status: options.status ?? 'ok' },
    trace: { trace_id: trace, span_id: span },
    ...(options.keeps === 'values' ? {} : { args: call.args }),
    ...(options.keeps === undefined ? { arg_names: call.names } : {}),
    rest: call.rest,
    ...(link === undefined
      ? { act: { sub: agent } }
      : { aat_hash: link.hash, txn: link.claims.txn }),
    ...(approvals.length === 0 ? {} : { apr_hash: approvals }),
    ...(call.audience === '' ? {} : { aat_aud: call.audience }),
    ...(options.drivers === undefined ? {} : { drivers: options.drivers }),
    ...(options.credential === undefined ? {} : { credential: options.credential }),
    ...(options.link === undefined ? {} : { aat_hash: options.link, txn: 'task-1' }),
    ...options.said,
  }
}

/** The span of a call. */
export function spanOf({ link, agent, call, trace, span, options }: DoneCall): CallEvidence {
  const at = options.at ?? T0 + 30
  const facts: CallFacts = {
    trace,
    span,
    name: `execute_tool ${call.tool}`,
    startedAt: at * 1000,
    endedAt: at * 1000 + 5,
    statusError: false,
    agent,
    tool: call.tool,
    ...(call.audience === '' ? {} : { audience: call.audience }),
    actionHash: call.hash,
    ...(options.keeps === 'values' ? {} : { args: JSON.stringify(call.args) }),
    ...(options.keeps === undefined ? { argNames: call.names } : {}),
    drivers: options.drivers ?? [],
    approvals: approvalsOf(options),
    decisions: [],
    receipts: [],
    instrumented: true,
    idsInvalid: false,
    ...(link === undefined ? {} : { link: link.hash, task: link.claims.txn }),
    ...(options.credential === undefined ? {} : { credential: options.credential }),
    ...(options.link === undefined ? {} : { link: options.link, task: 'task-1' }),
    ...options.facts,
  }
  const id = textDigest(JSON.stringify(facts))
  return { kind: 'span', id, action: `${trace}-${span}`, facts }
}

function approvalsOf({ approvals = [] }: CallOptions): string[] {
  return approvals.map((text) => signingInputHash(text) ?? '')
}
