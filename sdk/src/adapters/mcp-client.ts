import { GEN_AI } from '@delegraph/graph-schema'
import { canonicalize, MCP_META_KEY } from '@delegraph/link'
import { statusOf } from '../act/act.ts'
import { jsonArguments } from '../act/json-arguments.ts'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import type { Call } from '../act/proposal.ts'
import { type Carry, membersOf, presentationOf } from '../carriage/presentation.ts'
import type { Delegraph } from '../delegraph.ts'
import { injectedContext } from '../trace/propagation.ts'
import { type AskPermission, openPermitted } from './approvals.ts'

interface CallParams {
  readonly name: string
  readonly arguments?: unknown
  readonly _meta?: object | undefined
}

/** The part of an MCP client that is wrapped; `Client` of `@modelcontextprotocol/client` 2 fits. */
export interface McpClient {
  /** Wrapped too once there is one: see `freshOnRetry`. */
  readonly transport?: unknown
  callTool(params: CallParams, options?: unknown): Promise<unknown>
}

export interface McpClientOptions {
  /** URI of the server's resource: a tool's URI is `<resource>#<name>`. */
  readonly resource: string
  /** Called before each call that is not part of one under way: see `AskPermission`. */
  readonly permission?: AskPermission
  /** Caller, drivers or credential of a call, where the application knows them. */
  readonly options?: (name: string) => Omit<ActOptions, 'approvals'>
  /** `value` where absent. By reference only where the server has a store that knows the chain. */
  readonly carry?: Carry
}

/**
 * Makes each `callTool` of a client one signed action and sends its evidence along in
 * `params._meta`: the chain, a proof of possession, the salt, the approvals, and the trace context
 * (MCP 2026-07-28). A call that a wrapped tool makes of the very same tool and arguments is part of
 * the action under way. The client is changed in place and returned.
 */
export function instrumentClient<Client extends McpClient>(
  delegraph: Delegraph,
  client: Client,
  options: McpClientOptions,
): Client {
  const target: McpClient = client
  const original = target.callTool
  target.callTool = async (params, requestOptions) => {
    freshOnRetry(target.transport)
    // Inside the call's span, which is the one to send along.
    const send = (open: OpenAct) =>
      open.run(() =>
        original.call(client, withEvidence(params, open, options.carry), requestOptions),
      )
    const call = {
      tool: `${options.resource}#${params.name}`,
      args: jsonArguments(params.arguments),
      audience: options.resource,
    }
    const around = delegraph.activeAct()
    const open = around !== undefined && (!SENT.has(around) || isRetry(params))
    if (around !== undefined && open && isPartOf(call, around)) {
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
    open.end(isFailure(result) ? 'failed' : isOpenEnd(result) ? 'unknown' : 'ok')
    return result
  } catch (error) {
    open.end(statusOf(error))
    throw error
  }
}

function withEvidence(params: CallParams, open: OpenAct, carry: Carry | undefined): CallParams {
  const evidence = presentationOf(open, carry)
  EVIDENCE.set(evidence, { present: () => presentationOf(open, carry), sent: false })
  const meta = { ...params._meta, ...injectedContext(open.ids), [MCP_META_KEY]: evidence }
  return { ...params, _meta: meta }
}

/** How the evidence of a call is made anew for another request of it. */
const EVIDENCE = new WeakMap<object, { present(): object; sent: boolean }>()
const WRAPPED = new WeakSet<object>()

/**
 * A server may ask for input, and the client library then sends the same request again by itself
 * (MCP 2026-07-28). A proof of possession is good for one request, and an approval may have come
 * meanwhile: from the second one on the evidence is made anew, as the request leaves.
 */
function freshOnRetry(transport: unknown): void {
  if (!isTransport(transport) || WRAPPED.has(transport)) return
  WRAPPED.add(transport)
  const original = transport.send
  transport.send = (message, options) => original.call(transport, renewed(message), options)
}

function renewed(message: unknown): unknown {
  const params = membersOf(membersOf(message)['params'])
  const meta = membersOf(params['_meta'])
  const evidence = meta[MCP_META_KEY]
  const known =
    typeof evidence === 'object' && evidence !== null ? EVIDENCE.get(evidence) : undefined
  if (known === undefined) return message
  if (!known.sent) {
    known.sent = true
    return message
  }
  const _meta = { ...meta, [MCP_META_KEY]: known.present() }
  return { ...membersOf(message), params: { ...params, _meta } }
}

interface Transport {
  send(message: unknown, options?: unknown): unknown
}

function isTransport(value: unknown): value is Transport {
  return typeof value === 'object' && value !== null && 'send' in value
}

/** The same call sent again with what the server had asked for. */
function isRetry(params: CallParams): boolean {
  return 'inputResponses' in params || 'requestState' in params
}

/** The server asks for something first: nothing was done yet. */
function isOpenEnd(result: unknown): boolean {
  return membersOf(result)['resultType'] === 'input_required'
}

function isFailure(result: unknown): boolean {
  return membersOf(result)['isError'] === true
}
