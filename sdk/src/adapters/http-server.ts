import { jsonArguments } from '../act/json-arguments.ts'
import { runtimeOf } from '../act/runtime.ts'
import { type HttpHeaders, presentationFrom } from '../carriage/headers.ts'
import type { IncomingCall } from '../carriage/incoming.ts'
import { membersOf } from '../carriage/presentation.ts'
import { checkService, type ServiceOptions, serveCall } from '../carriage/serve.ts'
import type { Delegraph } from '../delegraph.ts'
import { extractedContext } from '../trace/propagation.ts'

/** One HTTP request as its receiver understands it. */
export interface HttpCall {
  /** `IncomingMessage.headers` of Node, or `Headers` of Fetch. */
  readonly headers: HttpHeaders
  /** The tool is `<resource>#<name>`; what the caller derives from the request, derived again. */
  readonly name: string
  readonly args: unknown
}

export interface HttpHandling<Result> {
  handle(): Result | PromiseLike<Result>
  /** Makes the answer to a call that is refused: 403, and nothing that says why. */
  refuse(call: IncomingCall): Result | PromiseLike<Result>
  /** How a result ended; `ok` where absent. What `handle` throws has failed. */
  statusOf?(result: Result): 'ok' | 'failed' | 'denied'
}

/**
 * Serves one HTTP request in a SERVER span of the caller's trace, with what came in its headers: see
 * `incomingCall`. Works with whatever reads the request and writes the answer.
 */
export function serveHttp<Result>(
  delegraph: Delegraph,
  options: ServiceOptions,
  { headers, name, args }: HttpCall,
  handling: HttpHandling<Result>,
): Promise<Result> {
  const { resource } = options
  checkService(options)
  const carrier = headers instanceof Headers ? Object.fromEntries(headers) : membersOf(headers)
  return serveCall<Result>(
    runtimeOf(delegraph),
    options,
    {
      call: { tool: `${resource}#${name}`, args: jsonArguments(args), audience: resource },
      presentation: presentationFrom(headers),
      parent: extractedContext(carrier),
      span: { name: `serve ${name}`, attributes: {} },
    },
    {
      handle: () => handling.handle(),
      refuse: (call) => handling.refuse(call),
      statusOf: (result) => handling.statusOf?.(result) ?? 'ok',
    },
  )
}
