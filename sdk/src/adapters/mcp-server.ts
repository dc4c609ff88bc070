import { GEN_AI } from '@delegraph/graph-schema'
import { MCP_META_KEY } from '@delegraph/link'
import { jsonArguments } from '../act/json-arguments.ts'
import type { Call } from '../act/proposal.ts'
import { type Runtime, runtimeOf } from '../act/runtime.ts'
import { type IncomingCall, readIncoming } from '../carriage/incoming.ts'
import { membersOf, readPresentation } from '../carriage/presentation.ts'
import { checkService, type ServiceOptions, serveCall } from '../carriage/serve.ts'
import type { Delegraph } from '../delegraph.ts'
import { SdkError } from '../errors.ts'
import type { Guard } from '../guard/guard.ts'
import type { GuardResult } from '../guard/result.ts'
import { extractedContext } from '../trace/propagation.ts'

/** The part of a low-level MCP server that is wrapped. */
interface ProtocolServer {
  setRequestHandler(method: string, ...rest: readonly unknown[]): unknown
  assertCanSetRequestHandler(method: string): void
}

/** `McpServer` or `Server` of `@modelcontextprotocol/server` 2. */
export type McpServer = { readonly server: object } | object

export interface McpServerOptions extends ServiceOptions {
  /**
   * Answers a call that a guard refuses for want of an approval alone: `inputRequired(...)` of MCP
   * 2026-07-28 asks for one, and the client sends the same call again with it.
   */
  readonly askApproval?: (call: IncomingCall) => unknown
}

/**
 * Serves each `tools/call` in a SERVER span of the caller's trace, reports the links and approvals
 * that came by value, and shows them to the tool's handler through `incomingCall`. It refuses
 * nothing by itself: the handler decides, or a `guard` that enforces. Call it before tools are
 * registered; throws `SdkError` `too_late` otherwise. The server is changed in place and returned.
 */
export function instrumentServer<Server extends McpServer>(
  delegraph: Delegraph,
  server: Server,
  options: McpServerOptions,
): Server {
  const runtime = runtimeOf(delegraph)
  checkService(options)
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
  const call = callOf(options.resource, params.name, params.arguments)
  return readIncoming(runtimeOf(delegraph), call, presentationIn(membersOf(params._meta)))
}

type Handler = (request: unknown, context: unknown) => unknown

async function serve(
  runtime: Runtime,
  options: McpServerOptions,
  request: unknown,
  context: unknown,
  handle: () => unknown,
): Promise<unknown> {
  const params = membersOf(membersOf(request)['params'])
  const again = JUDGED.get(Object(request)) !== undefined
  // The server library lifts reserved members out of the request that handlers see.
  const lifted = membersOf(membersOf(context)['mcpReq'])
  const meta = { ...membersOf(params['_meta']), ...membersOf(lifted['_meta']) }
  const name = String(params['name'])
  const attributes = { [GEN_AI.mcpMethod]: 'tools/call', [GEN_AI.toolName]: name }
  return serveCall<unknown>(
    runtime,
    { ...options, ...guardOf(options, request) },
    {
      call: callOf(options.resource, name, params['arguments']),
      presentation: presentationIn(meta),
      parent: extractedContext(meta),
      span: { name: `tools/call ${name}`, attributes },
    },
    {
      handle,
      refuse: (incoming) =>
        incoming.guard?.needsApproval === true && !again && options.askApproval !== undefined
          ? options.askApproval(incoming)
          : REFUSAL,
      statusOf,
    },
  )
}

/**
 * One request is judged once. For clients of older revisions the server library asks for input
 * itself and hands the very same request to its handler again, proof of possession and all.
 */
function guardOf({ guard }: McpServerOptions, request: unknown): Pick<ServiceOptions, 'guard'> {
  if (guard === undefined) return {}
  const key = Object(request)
  const check: Guard['check'] = (presentation, call) => {
    const judged = JUDGED.get(key) ?? guard.check(presentation, call)
    JUDGED.set(key, judged)
    return judged
  }
  return { guard: { ...guard, check } }
}

const JUDGED = new WeakMap<object, Promise<GuardResult>>()

/** A stranger is told that it was refused, and nothing else. */
const REFUSAL = { isError: true, content: [{ type: 'text', text: 'refused' }] }

/** A result that asks for input is no end: the same call comes again. */
function statusOf(result: unknown): 'ok' | 'failed' | 'pending' {
  const members = membersOf(result)
  if (members['resultType'] === 'input_required') return 'pending'
  return members['isError'] === true ? 'failed' : 'ok'
}

function callOf(resource: string, name: string, args: unknown): Required<Call> {
  return { tool: `${resource}#${name}`, args: jsonArguments(args), audience: resource }
}

function presentationIn(meta: ReturnType<typeof membersOf>) {
  return readPresentation(meta[MCP_META_KEY])
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
