import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createOperations, type OperationsSettings } from './operations.ts'

async function serve(settings: Partial<OperationsSettings>) {
  const operations = createOperations({
    scrape: async () => 'up 1\n',
    readiness: async () => ({ ready: true, reasons: [] }),
    ...settings,
  })
  const server = createServer((request, response) => {
    if (!operations(request, response)) response.writeHead(404).end('somebody else')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    async ask(path: string, method = 'GET') {
      const response = await fetch(`${url}${path}`, { method })
      return [response.status, (await response.text()).trim()]
    },
    [Symbol.dispose]: () => void server.close(),
  }
}

it('answers its three paths, and leaves every other to others', async () => {
  using server = await serve({})
  expect(await server.ask('/healthz')).toEqual([200, 'ok'])
  expect(await server.ask('/readyz')).toEqual([200, '{"ready":true,"reasons":[]}'])
  expect(await server.ask('/metrics?name=x')).toEqual([200, 'up 1'])
  expect(await server.ask('/metrics', 'HEAD')).toEqual([200, ''])
  expect(await server.ask('/metrics', 'DELETE')).toEqual([405, 'only GET'])
  expect(await server.ask('/graphql')).toEqual([404, 'somebody else'])
})

it('says with 503 why it is not ready, while it lives', async () => {
  const state = { ready: false, reasons: ['the journal is being read into the graph'] }
  using server = await serve({ readiness: async () => state })
  expect(await server.ask('/readyz')).toEqual([503, JSON.stringify(state)])
  expect(await server.ask('/healthz')).toEqual([200, 'ok'])
})

it('asks who may read metrics where somebody says so, and nobody for the checks of life', async () => {
  using server = await serve({ mayScrape: async () => false })
  expect(await server.ask('/metrics')).toEqual([401, 'not for you'])
  expect(await server.ask('/readyz')).toEqual([200, '{"ready":true,"reasons":[]}'])
})

it('tells nothing of what goes wrong inside', async () => {
  using server = await serve({ scrape: () => Promise.reject(new Error('bolt://secret@host')) })
  expect(await server.ask('/metrics')).toEqual([503, 'not available now'])
})
