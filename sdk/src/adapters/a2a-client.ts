import { A2A_EXTENSION } from '@delegraph/link'
import { statusOf } from '../act/act.ts'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import { type Carry, presentationOf } from '../carriage/presentation.ts'
import type { Delegraph } from '../delegraph.ts'
import { injectedContext } from '../trace/propagation.ts'
import { type A2aRequest, callOf, type DescribeMessage, statusOfAnswer } from './a2a-message.ts'
import { type AskPermission, openPermitted } from './approvals.ts'
import { within } from './within.ts'

/** The part of a client that is wrapped; `Client` of `@a2a-js/sdk` 1 fits. */
export interface A2aClient {
  sendMessage(params: A2aRequest, options?: RequestOptions): Promise<unknown>
  sendMessageStream(
    params: A2aRequest,
    options?: RequestOptions,
  ): AsyncGenerator<unknown, void, undefined>
}

interface RequestOptions {
  serviceParameters?: Record<string, string>
}

export interface A2aClientOptions {
  /** URI of the agent that is called, as it names itself: a message's tool is `<resource>#<name>`. */
  readonly resource: string
  /** The tool and the arguments of a message; the same at the other end. `SendMessage` where absent. */
  readonly describe?: DescribeMessage
  /** Called before each call: see `AskPermission`. */
  readonly permission?: AskPermission
  /** Caller, drivers or credential of a call, where the application knows them. */
  readonly options?: Omit<ActOptions, 'approvals'>
  /** `value` where absent. By reference only where the agent called has a store that knows the chain. */
  readonly carry?: Carry
}

/**
 * Makes each message that a client sends one signed action. Its evidence travels as the extension
 * `A2A_EXTENSION` of A2A 1.0: in the message's metadata, with the extension named in the message and
 * in the service parameters, beside the trace context. The client is changed in place and returned.
 */
export function instrumentA2aClient<Client extends A2aClient>(
  delegraph: Delegraph,
  client: Client,
  options: A2aClientOptions,
): Client {
  const target: A2aClient = client
  const { sendMessage, sendMessageStream } = target
  const open = async ({ message }: A2aRequest): Promise<OpenAct | undefined> => {
    if (message === undefined) return undefined
    const call = callOf(options.resource, options.describe, message)
    return openPermitted(delegraph, call, options.options ?? {}, options.permission)
  }
  // Inside the call's span, which is the one to send along.
  const prepared = (
    params: A2aRequest,
    given: RequestOptions | undefined,
    act: OpenAct,
  ): [A2aRequest, RequestOptions] => [
    withEvidence(params, act, options.carry),
    withHeaders(given, act),
  ]
  target.sendMessage = async (params, requestOptions) => {
    const act = await open(params)
    if (act === undefined) return sendMessage.call(client, params, requestOptions)
    try {
      const answer = await act.run(() =>
        sendMessage.call(client, ...prepared(params, requestOptions, act)),
      )
      act.end(statusOfAnswer(answer))
      return answer
    } catch (error) {
      act.end(statusOf(error))
      throw error
    }
  }
  target.sendMessageStream = async function* (params, requestOptions) {
    const act = await open(params)
    if (act === undefined) return yield* sendMessageStream.call(client, params, requestOptions)
    try {
      const stream = act.run(() =>
        sendMessageStream.call(client, ...prepared(params, requestOptions, act)),
      )
      let last: unknown
      for await (const event of within(stream, act.run)) {
        last = event
        yield event
      }
      act.end(statusOfAnswer(last))
    } catch (error) {
      act.end(statusOf(error))
      throw error
    } finally {
      // Whoever stops listening has not heard how it ended.
      act.end('unknown')
    }
  }
  return client
}

function withEvidence(params: A2aRequest, act: OpenAct, carry: Carry | undefined): A2aRequest {
  const { message } = params
  if (message === undefined) return params
  const metadata = { ...message.metadata, [A2A_EXTENSION]: presentationOf(act, carry) }
  const extensions = [...new Set([...(message.extensions ?? []), A2A_EXTENSION])]
  return { ...params, message: { ...message, metadata, extensions } }
}

/** A2A 1.0 section 3.2.6; a client that speaks 0.3 renames the header by itself. */
const EXTENSIONS = 'A2A-Extensions'

function withHeaders(options: RequestOptions | undefined, act: OpenAct): RequestOptions {
  const given = options?.serviceParameters ?? {}
  const isNamed = (name: string) => /^(x-)?a2a-extensions$/i.test(name)
  const others = Object.entries(given).filter(([name]) => !isNamed(name))
  const named = Object.entries(given).flatMap(([name, value]) =>
    isNamed(name) ? value.split(',').map((uri) => uri.trim()) : [],
  )
  const serviceParameters = {
    ...Object.fromEntries(others),
    ...injectedContext(act.ids),
    [EXTENSIONS]: [...new Set([...named, A2A_EXTENSION])].join(','),
  }
  return { ...options, serviceParameters }
}
