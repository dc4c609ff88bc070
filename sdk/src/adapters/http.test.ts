import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ATTR } from '@delegraph/graph-schema'
import { verifyReceipt } from '@delegraph/link'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { memoryLinkStore } from '../guard/index.ts'
import { createDelegraph, createKey } from '../index.ts'
import { DEPLOY, RESOURCE } from '../testing/cast.ts'
import { ASKED, guarded, textOn } from '../testing/guarded.ts'
import { recordSpans } from '../testing/spans.ts'
import {
  HEADER,
  type IncomingCall,
  incomingCall,
  instrumentFetch,
  presentationFrom,
  serveHttp,
} from './http.ts'

const recorded = recordSpans()
const { alice, approver, planner, worker, chain, keys, guardWith } = await guarded()
const signer = await createKey()
const service = { signer, kid: 'ops-1', iss: 'https://ops.example.com' }
const trusted = [{ ...service, jwk: signer.jwk, aud: RESOURCE }]
const deployer = createDelegraph({ agent: 'agent:deployer', key: await createKey() })
const links = memoryLinkStore()
links.remember?.(chain.texts)
const guard = guardWith({ links })

const served: (IncomingCall | undefined)[] = []
const headersSeen: Record<string, unknown>[] = []
/** A plain Node server, as people write them. */
const server = createServer(async (request, response) => {
  headersSeen.push(request.headers)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const args: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
  const name = (request.url ?? '').slice(1)
  const status = await serveHttp(
    deployer,
    { resource: RESOURCE, receipts: service, guard },
    { headers: request.headers, name, args },
    {
      handle: () => {
        served.push(incomingCall())
        return 200
      },
      refuse: () => 403,
    },
  )
  response.writeHead(status).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deploy`
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await recorded.shutdown()
})
beforeEach(() => {
  recorded.reset()
  served.length = 0
  headersSeen.length = 0
})

const fetchAs = (agent: typeof worker) =>
  instrumentFetch(agent, {
    resource: RESOURCE,
    describe: ({ pathname }, { body }) => ({
      name: pathname.slice(1),
      args: JSON.parse(String(body)),
    }),
  })
const init = { method: 'POST', body: JSON.stringify({ env: 'staging' }) }

describe('a request of an instrumented fetch', () => {
  test('carries the last link and hashes, never the chain by value', async () => {
    const response = await worker.under(chain, () => fetchAs(worker)(url, init))
    expect(response.status).toBe(200)
    const [headers] = headersSeen
    expect(headers?.[HEADER.link]).toBe(chain.texts[1])
    expect(headers?.[HEADER.refs]).toBe(chain.hashes[0])
    expect(JSON.stringify(headers)).not.toContain(chain.texts[0])
  })

  test('is one action that both ends name alike, in one trace', async () => {
    await worker.under(chain, () => worker.hop('work', () => fetchAs(worker)(url, init)))
    const acting = verifyReceipt(textOn(recorded.calls[0], 'receipt'), keys.worker.jwk).claims
    const span = recorded.spans.find(({ name }) => name === 'serve deploy')
    const called = verifyReceipt(textOn(span, 'receipt'), trusted).claims
    expect(served[0]).toMatchObject({ tool: DEPLOY, caller: 'agent:worker' })
    expect(served[0]?.action?.hash).toBe(acting?.action_hash)
    for (const name of ['action_hash', 'aat_hash', 'pop_hash', 'trace', 'result'] as const)
      expect([name, called?.[name]]).toEqual([name, acting?.[name]])
    expect(span?.parentSpanContext?.spanId).toBe(recorded.calls[0]?.spanContext().spanId)
  })

  test('brings the approvals of its call', async () => {
    const asking = alice.issue({ to: worker.holder, tools: { [DEPLOY]: {} }, approvals: ASKED })
    const send = instrumentFetch(worker, {
      resource: RESOURCE,
      describe: () => ({ name: 'deploy', args: { env: 'staging' } }),
      permission: (proposal) => ({ approvals: [approver.approve(proposal, { chain: asking })] }),
    })
    expect((await worker.under(asking, () => send(url, init))).status).toBe(200)
    expect(served[0]?.guard?.approvals).toHaveLength(1)
  })

  test('that is refused is denied, and says nothing more', async () => {
    const response = await fetchAs(planner)(url, init)
    expect([response.status, await response.text()]).toEqual([403, ''])
    expect(served).toEqual([])
    const claims = verifyReceipt(textOn(recorded.calls[0], 'receipt'), keys.planner.jwk).claims
    expect(claims?.result.status).toBe('denied')
  })

  test('that is no call goes out as it is', async () => {
    const send = instrumentFetch(worker, { resource: RESOURCE, describe: () => undefined })
    await worker.under(chain, () => send(url, init))
    expect(
      Object.keys(headersSeen[0] ?? {}).filter((name) => name.startsWith('delegation')),
    ).toEqual([])
    expect(recorded.calls).toEqual([])
  })

  test('whose evidence fits into no headers is not sent, and says so', async () => {
    const body = JSON.stringify({ env: 'staging', note: 'x'.repeat(9000) })
    const sending = worker.under(chain, () => fetchAs(worker)(url, { ...init, body }))
    await expect(sending).rejects.toMatchObject({ code: 'too_large' })
    expect(headersSeen).toEqual([])
    expect(recorded.calls.map(({ attributes }) => attributes[ATTR.tool])).toEqual([DEPLOY])
  })

  test('takes the evidence to no other place', async () => {
    const elsewhere: unknown[] = []
    const redirecting = createServer((request, response) => {
      elsewhere.push(request.url)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
    const { port } = redirecting.address() as AddressInfo
    const response = await worker.under(chain, () =>
      fetchAs(worker)(`http://127.0.0.1:${port}/deploy`, init),
    )
    expect([response.status, elsewhere]).toEqual([307, ['/deploy']])
    redirecting.closeAllConnections()
    await new Promise((resolve) => redirecting.close(resolve))
  })
})

describe('the reader of headers', () => {
  test('reads those of Node and of Fetch alike', async () => {
    await worker.under(chain, () => fetchAs(worker)(url, init))
    const node = headersSeen[0] as Record<string, string>
    const fromNode = presentationFrom(node)
    expect(fromNode).toMatchObject({ chain: [chain.texts[1]], refs: [chain.hashes[0]], faults: [] })
    expect(presentationFrom(new Headers(node))).toEqual(fromNode)
    const upper = Object.fromEntries(
      Object.entries(node).map(([name, value]) => [name.toUpperCase(), value]),
    )
    expect(presentationFrom(upper)).toEqual(fromNode)
  })

  test('tells no names from none', () => {
    const read = (value: string) => presentationFrom({ [HEADER.disclosed]: value }).disclosed
    expect(read('-')).toEqual([])
    expect(read('env,a%2Cb,%C3%A9')).toEqual(['env', 'a,b', 'é'])
    expect(read('%E0%A4%A')).toBeUndefined()
    expect(presentationFrom({}).disclosed).toBeUndefined()
  })
})
