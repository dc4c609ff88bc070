import { GEN_AI } from '@delegraph/graph-schema'
import { canonicalize, MCP_META_KEY, splitArguments } from '@delegraph/link'
import { statusOf } from '../act/act.ts'
import { jsonArguments } from '../act/json-arguments.ts'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import type { Call, Proposal } from '../act/proposal.ts'
import type { Delegraph } from '../delegraph.ts'
import { type Chain, grantsOf } from '../link/chain.ts'
import { injectedContext } from '../trace/propagation.ts'
import { type AskPermission, openPermitted } from './approvals.ts'

interface CallParams {
  readonly name: string
  readonly arguments?: unknown
  readonly _meta?: object | undefined
}

/** The part of an MCP client that is wrapped; `Client` of `@modelcontextprotocol/client` 2 fits. */
export interface McpClient {
  callTool(params: CallParams, options?: unknown): Promise<unknown>
}

export interface McpClientOptions {
  /** URI of the server's resource: a tool's URI is `<resource>#<name>`. */
  readonly resource: string
  /** Called before each call that is not part of one under way: see `AskPermission`. */
  readonly permission?: AskPermission
  /** Caller, drivers or credential of a call, where the application knows them. */
  readonly options?: (name: string) => Omit<ActOptions, 'approvals'>
}

/**
 * Makes each `callTool` of a client one signed action and sends its evidence along in
 * `params._meta`: the chain by value, the salt, the approvals, and the trace context (MCP
 * 2026-07-28). A call that a wrapped tool makes of the very same tool and arguments is part of the
 * action under way. The client is changed in place and returned.
 */
export function instrumentClient<Client extends McpClient>(
  delegraph: Delegraph,
  client: Client,
  options: McpClientOptions,
): Client {
  const target: McpClient = client
  const original = target.callTool
  target.callTool = async (params, requestOptions) => {
    const send = (open: OpenAct) =>
      open.run(() => original.call(client, withEvidence(params, open), requestOptions))
    const call = {
      tool: `${options.resource}#${params.name}`,
      args: jsonArguments(params.arguments),
      audience: options.resource,
    }
    const around = delegraph.activeAct()
    if (around !== undefined && !SENT.has(around) && isPartOf(call, around)) {
      SENT.add(around)
      return joined(around, send)
    }
    const given = { ...options.options?.(params.name), attributes: MCP_ATTRIBUTES }
    return ended(await openPermitted(delegraph, call, given, options.permission), send)
  }
  return client
}

const MCP_ATTRIBUTES = { [GEN_AI.mcpMethod]: 'tools/call' }

/** Actions whose one request has been sent: a second one is another action. */
const SENT = new WeakSet<OpenAct>()

function isPartOf(call: Required<Call>, { proposal }: OpenAct): boolean {
  return (
    proposal.tool === call.tool &&
    proposal.audience === call.audience &&
    canonicalize(proposal.args) === canonicalize(call.args)
  )
}

async function joined(
  around: OpenAct,
  send: (open: OpenAct) => Promise<unknown>,
): Promise<unknown> {
  const result = await send(around)
  // The tool around it sees a result, not an error; the receipt must not say ok.
  if (isFailure(result)) around.end('failed')
  return result
}

async function ended(open: OpenAct, send: (open: OpenAct) => Promise<unknown>): Promise<unknown> {
  try {
    const result = await send(open)
    open.end(isFailure(result) ? 'failed' : 'ok')
    return result
  } catch (error) {
    open.end(statusOf(error))
    throw error
  }
}

function withEvidence(params: CallParams, open: OpenAct): CallParams {
  const { chain, proposal, approvals } = open
  const evidence = {
    ...(chain === undefined ? {} : { aat_chain: chain.texts }),
    action_salt: proposal.salt,
    ...(isOrdinary(proposal, chain) ? {} : { action_disclosed: Object.keys(proposal.disclosed) }),
    ...(approvals.length === 0 ? {} : { approvals }),
  }
  const meta = { ...params._meta, ...injectedContext(open.ids), [MCP_META_KEY]: evidence }
  return { ...params, _meta: meta }
}

/**
 * Whether the server can tell from the chain which arguments are hashed as they are. It cannot for
 * a call that was proposed under another chain, or with the setting `args: none`.
 */
function isOrdinary(proposal: Proposal, chain: Chain | undefined): boolean {
  const grants = chain === undefined ? [] : grantsOf(chain)
  const { disclosed } = splitArguments(grants, proposal.tool, proposal.args)
  const expected = Object.keys(disclosed)
  const names = Object.keys(proposal.disclosed)
  return expected.length === names.length && expected.every((name) => names.includes(name))
}

function isFailure(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'isError' in result && result.isError === true
  )
}
