import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import type { GraphStore } from '../graph/index.ts'
import type { Past } from '../questions/past.ts'
import { type ApiContext, createContext, type SubscriptionCount } from './context.ts'
import { SCHEMA_SDL } from './contract.ts'
import { enumResolvers } from './enums.ts'
import type { ApiEvents } from './event-bus.ts'
import { landingText } from './landing.ts'
import { useLimits } from './limits/use-limits.ts'
import { refuseRequest } from './refuse-request.ts'
import { RESOLVERS } from './resolvers/index.ts'
import { useStatusCodes } from './use-status-codes.ts'

export interface ApiSettings {
  readonly store: GraphStore
  readonly events: ApiEvents
  /** Told what went wrong inside; the client only learns that something did. */
  readonly onError?: (error: unknown) => void
  /** Makes graphs of earlier instants, for what is asked of the past. */
  readonly past?: Past
  /** Subscriptions that may be open at a time; 100 where absent. */
  readonly maxSubscriptions?: number
}

export type ApiHandler = (request: IncomingMessage, response: ServerResponse) => void

/** The schema of the contract with its resolvers, as the API executes it. */
export function createApiSchema(): ReturnType<typeof createSchema<ApiContext>> {
  return createSchema<ApiContext>({
    typeDefs: SCHEMA_SDL,
    resolvers: [RESOLVERS, enumResolvers(SCHEMA_SDL)],
  })
}

/**
 * The handler of `/graphql`: GraphQL over HTTP, subscriptions as server-sent events, and a few lines
 * of text for a browser. It asks nobody who they are: bind it to loopback.
 */
export function createApi(settings: ApiSettings): ApiHandler {
  const { store, events, onError, past } = settings
  const earlier = past === undefined ? {} : { past }
  const subscriptions: SubscriptionCount = { open: 0, max: settings.maxSubscriptions ?? 100 }
  const yoga = createYoga({
    schema: createApiSchema(),
    context: () => createContext({ store, events, subscriptions, ...earlier }),
    plugins: [useLimits(), useStatusCodes()],
    graphqlEndpoint: ENDPOINT,
    maxRequestBodySize: MAX_BODY,
    multipart: false,
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: {
      debug() {},
      info() {},
      warn() {},
      error: (error: unknown) => onError?.(error),
    },
    // Whatever NODE_ENV says: the inside of an error stays inside.
    maskedErrors: { isDev: false },
  })
  return (request, response) => {
    const [path = '/', search] = (request.url ?? '/').split('?', 2)
    const isBare = request.method === 'GET' && search === undefined
    if (isBare && (path === '/' || path === ENDPOINT)) return land(request, response)
    if (path !== ENDPOINT) return refuse(response, 404, `only ${ENDPOINT} is here`)
    const refusal = refuseRequest(request)
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.message)
    Promise.resolve(yoga(request, response)).catch((error: unknown) => {
      onError?.(error)
      response.destroy()
    })
  }
}

const ENDPOINT = '/graphql'
const MAX_BODY = 64 * 1024

const PLAIN: Readonly<Record<string, string>> = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}

function land(request: IncomingMessage, response: ServerResponse): void {
  const { localAddress = '127.0.0.1', localPort = 0 } = request.socket
  const address = localAddress.replace(/^::ffff:/, '')
  const name = address.includes(':') ? `[${address}]` : address
  response.writeHead(200, PLAIN).end(landingText(`http://${name}:${localPort}${ENDPOINT}`))
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response
    .writeHead(status, { ...PLAIN, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify({ errors: [{ message }] }))
}
