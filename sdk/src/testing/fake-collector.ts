import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the next request is answered; `hang` never answers. */
export type Scripted =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'

export interface LogRecord {
  readonly eventName: string
  readonly body: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly traceId: string | undefined
  readonly spanId: string | undefined
}

export interface FakeCollector extends AsyncDisposable {
  readonly url: string
  /** Every body that came, whatever it was answered. */
  readonly bodies: readonly Buffer[]
  readonly requests: readonly IncomingMessage[]
  /** Log records of the bodies answered 200. */
  records(): readonly LogRecord[]
  /** Answers for the next requests; 200 after that. */
  script(...answers: readonly Scripted[]): void
}

/** A real HTTP server that takes OTLP and fails as it is told. */
export async function startFakeCollector(): Promise<FakeCollector> {
  const bodies: Buffer[] = []
  const accepted: Buffer[] = []
  const requests: IncomingMessage[] = []
  const answers: Scripted[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks)
    bodies.push(body)
    requests.push(request)
    const answer = answers.shift() ?? { status: 200 }
    if (answer === 'hang') return
    if (answer.status === 200 && request.url === '/v1/logs') accepted.push(body)
    response.writeHead(answer.status, answer.headers).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    requests,
    records: () => accepted.flatMap(recordsOf),
    script: (...next) => answers.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface OtlpValue {
  readonly stringValue?: string
  readonly intValue?: string
  readonly arrayValue?: { readonly values: readonly OtlpValue[] }
}

interface OtlpRecord {
  readonly eventName: string
  readonly body: OtlpValue
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[]
  readonly traceId?: string
  readonly spanId?: string
}

interface OtlpLogs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly OtlpRecord[] }[]
  }[]
}

function recordsOf(body: Buffer): readonly LogRecord[] {
  const request = JSON.parse(body.toString()) as OtlpLogs
  return request.resourceLogs
    .flatMap((resource) => resource.scopeLogs)
    .flatMap((scope) => scope.logRecords)
    .map(({ eventName, body, attributes, traceId, spanId }) => ({
      eventName,
      body: body.stringValue ?? '',
      attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)])),
      traceId,
      spanId,
    }))
}

function plain(value: OtlpValue): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plain)
  return value.stringValue ?? Number(value.intValue)
}
