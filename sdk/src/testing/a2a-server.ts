import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AgentCard, Extensions, type Message, Role } from '@a2a-js/sdk'
import { type Client, ClientFactory } from '@a2a-js/sdk/client'
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
  ServerCallContext,
} from '@a2a-js/sdk/server'

export interface A2aTestAgent extends AsyncDisposable {
  readonly url: string
  readonly card: AgentCard
  readonly requests: IncomingMessage[]
  /** Bodies as they came over the wire. */
  readonly bodies: string[]
  readonly tasks: InMemoryTaskStore
  connect(): Promise<Client>
}

/** An agent of A2A 1.0 on the library's own parts, served over JSON-RPC on loopback. */
export async function startA2aAgent(options: {
  execute(context: RequestContext): Promise<string>
  card?(card: AgentCard): AgentCard
  instrument(handler: DefaultRequestHandler): DefaultRequestHandler
}): Promise<A2aTestAgent> {
  const requests: IncomingMessage[] = []
  const bodies: string[] = []
  const tasks = new InMemoryTaskStore()
  const listening = Promise.withResolvers<JsonRpcTransportHandler>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks).toString('utf8')
    requests.push(request)
    bodies.push(body)
    const header = request.headers['a2a-extensions']
    const context = new ServerCallContext({
      requestedExtensions: Extensions.parseServiceParameter([header].flat().join(',')),
      requestedVersion: '1.0',
      state: new Map([['headers', request.headers]]),
    })
    const rpc = await listening.promise
    const answer = await rpc.handle(body, context)
    const activated = context.activatedExtensions ?? []
    if (activated.length > 0) response.setHeader('A2A-Extensions', activated.join(','))
    if (!(Symbol.asyncIterator in answer)) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
      return
    }
    response.setHeader('content-type', 'text/event-stream')
    for await (const event of answer) response.write(`data: ${JSON.stringify(event)}\n\n`)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/a2a`
  const plain = cardOf(url)
  const card = options.card?.(plain) ?? plain
  const handler = new DefaultRequestHandler(card, tasks, executorOf(options.execute))
  listening.resolve(new JsonRpcTransportHandler(options.instrument(handler)))
  return {
    url,
    card,
    requests,
    bodies,
    tasks,
    connect: () => new ClientFactory().createFromAgentCard(card),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Keeps a task for each message, as agents do that work for a while. */
function executorOf(execute: (context: RequestContext) => Promise<string>): AgentExecutor {
  return {
    async execute(context, bus) {
      const { taskId, contextId } = context
      const task = { id: taskId, contextId, artifacts: [], history: [], metadata: undefined }
      const status = (state: number) => ({ state, message: undefined, timestamp: undefined })
      bus.publish(AgentEvent.task({ ...task, status: status(2) }))
      const metadata = { said: await execute(context) }
      bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(3), metadata }))
      bus.finished()
    },
    cancelTask: async () => {},
  }
}

export function messageOf(text: string): Message {
  return {
    messageId: crypto.randomUUID(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [
      {
        content: { $case: 'text', value: text },
        metadata: undefined,
        filename: '',
        mediaType: 'text/plain',
      },
    ],
    metadata: { 'app.example/kept': 1 },
    extensions: [],
    referenceTaskIds: [],
  }
}

function cardOf(url: string): AgentCard {
  return {
    name: 'deployer',
    description: 'deploys',
    version: '1',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' }],
    provider: undefined,
    capabilities: { streaming: true, pushNotifications: false, extensions: [] },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
    signatures: [],
  }
}
