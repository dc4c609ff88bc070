import { AsyncLocalStorage } from 'node:async_hooks'
import { ATTR, EVENT, GEN_AI } from '@delegraph/graph-schema'
import { LIMITS, MCP_META_KEY, signingInputHash, splitArguments } from '@delegraph/link'
import { type Context, trace } from '@opentelemetry/api'
import { chainAttributes } from '../act/attributes.ts'
import { jsonArguments } from '../act/json-arguments.ts'
import { type Call, type Proposal, reopened } from '../act/proposal.ts'
import { type Runtime, runtimeOf } from '../act/runtime.ts'
import { type ServiceKey, servedReceiptOf } from '../act/served-receipt.ts'
import type { Delegraph } from '../delegraph.ts'
import { SdkError } from '../errors.ts'
import { type Chain, grantsOf } from '../link/chain.ts'
import { isRefusal } from '../link/parse-chain.ts'
import { reported } from '../link/receive.ts'
import { extractedContext } from '../trace/propagation.ts'
import { activeIds, runWith } from '../trace/run.ts'
import { openSpan } from '../trace/span.ts'
import { CALLER } from '../trace/state.ts'

/**
 * What came with a request. The chain is verified where the instance has `anchors`, and otherwise
 * only read; the approvals are only read in either case.
 */
export interface IncomingCall {
  /** Tool URI. */
  readonly tool: string
  readonly chain?: Chain
  /** Why the chain that was sent is none: an outcome code. */
  readonly refused?: string
  /** Agent id of the chain's holder. */
  readonly caller?: string
  /** Signed approvals as sent. */
  readonly approvals: readonly string[]
  /** The call with the hash that approvals must name; absent where no salt was sent. */
  readonly action?: Proposal
}

/** The part of a low-level MCP server that is wrapped. */
interface ProtocolServer {
  setRequestHandler(method: string, ...rest: readonly unknown[]): unknown
  assertCanSetRequestHandler(method: string): void
}

/** `McpServer` or `Server` of `@modelcontextprotocol/server` 2. */
export type McpServer = { readonly server: object } | object

export interface McpServerOptions {
  /** URI of the resource, as clients name it. */
  readonly resource: string
  /**
   * Signs a receipt of each call that came with a chain and its salt, beside the caller's own, so that
   * a collector can compare what both ends say of it.
   */
  readonly receipts?: ServiceKey
}

/** The request being served here, as it came. */
export function incomingCall(): IncomingCall | undefined {
  return INCOMING.getStore()
}

/**
 * Serves each `tools/call` in a SERVER span of the caller's trace, reports the links and approvals
 * that came by value, and shows them to the tool's handler through `incomingCall`. It refuses
 * nothing: the handler decides. Call it before tools are registered; throws `SdkError` `too_late`
 * otherwise. The server is changed in place and returned.
 */
export function instrumentServer<Server extends McpServer>(
  delegraph: Delegraph,
  server: Server,
  options: McpServerOptions,
): Server {
  const runtime = runtimeOf(delegraph)
  const target = protocolOf(server)
  requireFree(target)
  const original = target.setRequestHandler
  target.setRequestHandler = (method, ...rest) => {
    const handler = rest.at(-1)
    if (method !== 'tools/call' || !isHandler(handler))
      return original.call(target, method, ...rest)
    const serving: Handler = (request, context) =>
      serve(runtime, options, request, context, () => handler(request, context))
    return original.call(target, method, ...rest.slice(0, -1), serving)
  }
  return server
}

/**
 * Reads what came with one `tools/call`, for a server that has its handlers elsewhere: `params` of
 * the request, with its `_meta`. Reports links and approvals, and never throws on what was sent.
 */
export function evidenceFromRequest(
  delegraph: Delegraph,
  params: { readonly name: string; readonly arguments?: unknown; readonly _meta?: unknown },
  options: McpServerOptions,
): IncomingCall {
  return readCall(runtimeOf(delegraph), options.resource, params, membersOf(params._meta))
}

type Handler = (request: unknown, context: unknown) => unknown

const INCOMING = new AsyncLocalStorage<IncomingCall>()

async function serve(
  runtime: Runtime,
  { resource, receipts }: McpServerOptions,
  request: unknown,
  context: unknown,
  handle: () => unknown,
): Promise<unknown> {
  const params = membersOf(membersOf(request)['params'])
  // The server library lifts reserved members out of the request that handlers see.
  const lifted = membersOf(membersOf(context)['mcpReq'])
  const meta = { ...membersOf(params['_meta']), ...membersOf(lifted['_meta']) }
  const parent = extractedContext(meta)
  const name = String(params['name'])
  // Links and approvals belong to the caller's span, which is the action that they are for.
  const call = runWith(runtime.storage, { context: parent }, () =>
    readCall(runtime, resource, { name, arguments: params['arguments'] }, meta),
  )
  const span = openSpan({
    name: `tools/call ${name}`,
    kind: 'server',
    attributes: {
      ...chainAttributes(call.chain, runtime.agent),
      [ATTR.agentId]: runtime.agent,
      [GEN_AI.mcpMethod]: 'tools/call',
      [GEN_AI.toolName]: name,
    },
    parent,
    recorder: runtime.recorder,
  })
  const at = Math.floor(Date.now() / 1000)
  let failed = true
  try {
    const result = await runWith(runtime.storage, { context: span.context }, () =>
      CALLER.run(call.caller, () => INCOMING.run(call, handle)),
    )
    failed = membersOf(result)['isError'] === true
    return result
  } finally {
    if (receipts !== undefined) {
      const status = failed ? 'failed' : 'ok'
      const text = recordServed(runtime, receipts, call, { parent, at, status })
      if (text !== undefined && runtime.recorder.onSpans) span.set(ATTR.receipt, text)
    }
    span.end(failed)
  }
}

/** The receipt of a call whose hash is known; undefined where there is nothing to sign. Never throws. */
function recordServed(
  runtime: Runtime,
  key: ServiceKey,
  call: IncomingCall,
  end: { readonly parent: Context; readonly at: number; readonly status: 'ok' | 'failed' },
): string | undefined {
  const { chain, action, approvals } = call
  const ids = trace.getSpanContext(end.parent)
  if (chain === undefined || action === undefined || ids === undefined) return undefined
  try {
    const { at, status } = end
    const { agent, collector } = runtime
    const served = { agent, collector, chain, proposal: action, ids, at, status, approvals }
    const text = servedReceiptOf(key, served)
    const attributes = { ...chainAttributes(chain, runtime.agent), [ATTR.tool]: call.tool }
    runtime.recorder.event({ name: EVENT.receipt, text, attributes, ids })
    return text
  } catch {
    runtime.recorder.failed('receipt_failed', 'a receipt could not be signed')
    return undefined
  }
}

function readCall(
  runtime: Runtime,
  resource: string,
  params: { readonly name: string; readonly arguments?: unknown },
  meta: Members,
): IncomingCall {
  const sent = membersOf(meta[MCP_META_KEY])
  const tool = `${resource}#${params.name}`
  const texts = textsOf(sent['aat_chain'], LIMITS.links)
  const found = texts.length === 0 ? undefined : reported(runtime, texts)
  const chain = found === undefined || isRefusal(found) ? undefined : found
  const approvals = textsOf(sent['approvals'], MAX_APPROVALS).filter(isSigned)
  const ids = activeIds(runtime.storage.getStore())
  const attributes = { ...chainAttributes(chain, runtime.agent), [ATTR.tool]: tool }
  for (const text of approvals) runtime.recorder.approval(text, attributes, ids)
  const salt = sent['action_salt']
  const call = { tool, args: jsonArguments(params.arguments), audience: resource }
  return {
    tool,
    approvals,
    ...(chain === undefined ? {} : { chain, caller: chain.leaf.act.sub }),
    ...(found !== undefined && isRefusal(found) ? { refused: found.refused } : {}),
    ...(isSalt(salt) ? { action: reopened(call, salt, disclosedIn(sent, chain, call)) } : {}),
  }
}

/** A link asks for at most eight approvals. */
const MAX_APPROVALS = 8

/** Names are sent along where the chain alone does not say which arguments are hashed openly. */
function disclosedIn(
  sent: Members,
  chain: Chain | undefined,
  call: Required<Call>,
): (name: string) => boolean {
  const named = sent['action_disclosed']
  if (Array.isArray(named)) return (name) => named.includes(name)
  const grants = chain === undefined ? [] : grantsOf(chain)
  const { disclosed } = splitArguments(grants, call.tool, call.args)
  return (name) => Object.hasOwn(disclosed, name)
}

type Members = Readonly<Record<string, unknown>>

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textsOf(value: unknown, max: number): readonly string[] {
  if (!Array.isArray(value) || value.length > max) return []
  return value.filter((item) => typeof item === 'string')
}

function isSigned(text: string): boolean {
  return text.length <= LIMITS.artefactSize && signingInputHash(text) !== undefined
}

function isSalt(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{22,64}$/.test(value)
}

function protocolOf(server: object): ProtocolServer {
  const inner: unknown = 'server' in server ? server.server : server
  if (isProtocol(inner)) return inner
  throw new SdkError('invalid_config', 'expected an McpServer or Server of the MCP SDK, version 2')
}

function isProtocol(value: unknown): value is ProtocolServer {
  if (typeof value !== 'object' || value === null) return false
  return 'setRequestHandler' in value && 'assertCanSetRequestHandler' in value
}

function requireFree(server: ProtocolServer): void {
  try {
    server.assertCanSetRequestHandler('tools/call')
  } catch {
    throw new SdkError('too_late', 'instrument the server before its tools are registered')
  }
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function'
}
