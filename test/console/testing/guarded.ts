import { NO_TRUST } from '@delegraph/link'
import { createDelegraph, createKey } from '@delegraph/sdk'
import { createGuard } from '@delegraph/sdk/guard'
import { instrumentClient, instrumentServer } from '@delegraph/sdk/mcp'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { pino } from 'pino'
import { z } from 'zod'
import { startCollector } from '../../../collector/src/collector.ts'
import { readConfig } from '../../../collector/src/config.ts'
import { cast, deploy, RESOURCE } from '../../../sdk/src/testing/cast.ts'
import { temporaryFolder } from '../../harness/own-place.ts'
import type { StorePlace } from '../../harness/stores.ts'
import { buildConsole } from './served.ts'

export interface Guarded extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
}

/**
 * A collector with its console, to which a guarded tool server told what it decided: one call let through, and
 * one refused. `trusted` says whether the collector knows who is at the root of the chain; where it does not, the
 * first was allowed although the chain is not known to hold.
 */
export async function serveGuarded({
  trusted,
  place = { store: { kind: 'sqlite' }, env: {} },
}: {
  readonly trusted: boolean
  readonly place?: StorePlace
}): Promise<Guarded> {
  buildConsole()
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const signer = await createKey()
  const service = { signer, kid: 'ops', iss: 'https://ops.example.com' }
  const known = { iss: service.iss, kid: service.kid, jwk: signer.jwk }
  const people = await cast()
  const { anchors, approvers, keys } = people
  const collector = stack.use(
    await startCollector({
      config: {
        ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
        store: place.store,
      },
      env: place.env,
      logger: pino({ level: 'silent' }),
      trust: {
        ...NO_TRUST,
        ...{ version: '1', anchors: trusted ? anchors : [], approvers },
        ...{ pdps: [known], toolServers: [{ ...known, aud: RESOURCE }] },
      },
    }),
  )
  const evidence = { collector: collector.otlpUrl }
  const worker = createDelegraph({ agent: 'agent:worker', key: keys.worker, ...evidence })
  const ops = createDelegraph({ agent: 'agent:ops', key: await createKey(), ...evidence })
  const guard = createGuard({ audience: RESOURCE, trust: { anchors }, decisions: service })
  const server = new McpServer({ name: 'ops', version: '1' })
  instrumentServer(ops, server, { resource: RESOURCE, receipts: service, guard })
  server.registerTool('deploy', { inputSchema: z.object({ env: z.string() }) }, async () => ({
    content: [{ type: 'text', text: 'done' }],
  }))
  const client = instrumentClient(worker, new Client({ name: 'c', version: '1' }), {
    resource: RESOURCE,
  })
  const [here, there] = InMemoryTransport.createLinkedPair()
  await server.connect(there)
  await client.connect(here)
  const chain = people.alice.issue({ to: worker.holder, tools: deploy('staging') })
  await worker.under(chain, async () => {
    for (const env of ['staging', 'production'])
      await client.callTool({ name: 'deploy', arguments: { env } })
  })
  await Promise.all([worker.shutdown(), ops.shutdown()])
  await collector.settled()
  const owned = stack.move()
  return {
    url: (collector.consoleUrl ?? '').replace(/\/$/, ''),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
