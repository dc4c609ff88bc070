import { randomUUID } from 'node:crypto'
import { A2A_EXTENSION } from '@delegraph/link'
import { runtimeOf } from '../act/runtime.ts'
import { membersOf, readPresentation } from '../carriage/presentation.ts'
import {
  checkService,
  openService,
  type ServedRequest,
  type ServiceOptions,
  serveCall,
} from '../carriage/serve.ts'
import type { Delegraph } from '../delegraph.ts'
import { extractedContext } from '../trace/propagation.ts'
import {
  type A2aMessage,
  type A2aRequest,
  callOf,
  type DescribeMessage,
  REJECTED,
  statusOfAnswer,
} from './a2a-message.ts'
import { within } from './within.ts'

/** The part of a request handler that is wrapped; `DefaultRequestHandler` of `@a2a-js/sdk` 1 fits. */
export interface A2aRequestHandler {
  sendMessage(params: A2aRequest, context: CallContext): Promise<object>
  sendMessageStream(
    params: A2aRequest,
    context: CallContext,
  ): AsyncGenerator<unknown, void, undefined>
}

/** `ServerCallContext`. */
interface CallContext {
  readonly state: ReadonlyMap<string, unknown>
  readonly requestedExtensions?: readonly string[] | undefined
  addActivatedExtension(uri: string): void
}

export interface A2aServerOptions extends ServiceOptions {
  /** The tool and the arguments of a message; the same at the other end. `SendMessage` where absent. */
  readonly describe?: DescribeMessage
}

/**
 * Serves each message in a SERVER span of the caller's trace, reports the links and approvals that
 * came by value, and shows them to the executor through `incomingCall`. What was presented is taken
 * out of the message first: tasks keep their messages and show them to others, and a proof of
 * possession holds the arguments. A message that a guard refuses becomes a rejected task, without a
 * word. The handler is changed in place and returned.
 */
export function instrumentA2aHandler<Handler extends A2aRequestHandler>(
  delegraph: Delegraph,
  handler: Handler,
  options: A2aServerOptions,
): Handler {
  const runtime = runtimeOf(delegraph)
  checkService(options)
  const target: A2aRequestHandler = handler
  const { sendMessage, sendMessageStream } = target
  target.sendMessage = (params, context) => {
    const { message } = params
    if (message === undefined) return sendMessage.call(handler, params, context)
    const request = requestOf(options, message, context)
    return serveCall<object>(runtime, options, request, {
      handle: () => sendMessage.call(handler, withoutEvidence(params), context),
      refuse: () => rejectedTask(message),
      statusOf: statusOfAnswer,
    })
  }
  target.sendMessageStream = async function* (params, context) {
    const { message } = params
    if (message === undefined) return yield* sendMessageStream.call(handler, params, context)
    const open = await openService(runtime, options, requestOf(options, message, context))
    if (open.refused) {
      open.end('denied')
      yield { payload: { $case: 'task', value: rejectedTask(message) } }
      return
    }
    // Whoever stops listening has not heard how it ended; the task goes on.
    let end: ReturnType<typeof statusOfAnswer> = 'unknown'
    try {
      const stream = open.run(() =>
        sendMessageStream.call(handler, withoutEvidence(params), context),
      )
      let last: unknown
      for await (const event of within(stream, open.run)) {
        last = event
        yield event
      }
      end = statusOfAnswer(last)
    } catch (error) {
      end = 'failed'
      throw error
    } finally {
      open.end(end)
    }
  }
  return handler
}

function requestOf(
  options: A2aServerOptions,
  message: A2aMessage,
  context: CallContext,
): ServedRequest {
  if (context.requestedExtensions?.includes(A2A_EXTENSION) === true)
    context.addActivatedExtension(A2A_EXTENSION)
  const call = callOf(options.resource, options.describe, message)
  return {
    call,
    presentation: readPresentation(membersOf(message.metadata)[A2A_EXTENSION]),
    parent: extractedContext(membersOf(context.state.get('headers'))),
    span: { name: 'a2a.server SendMessage', attributes: { 'a2a.method.name': 'SendMessage' } },
  }
}

function withoutEvidence(params: A2aRequest): A2aRequest {
  const { message } = params
  if (message?.metadata === undefined) return params
  const { [A2A_EXTENSION]: _evidence, ...metadata } = message.metadata
  return { ...params, message: { ...message, metadata } }
}

/** A2A's word for a request that an agent decides not to perform; it is kept nowhere. */
function rejectedTask({ contextId }: A2aMessage): object {
  return {
    id: randomUUID(),
    contextId: contextId === undefined || contextId === '' ? randomUUID() : contextId,
    status: { state: REJECTED, message: undefined, timestamp: new Date().toISOString() },
    artifacts: [],
    history: [],
    metadata: undefined,
  }
}
