import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDelegraph, type Delegraph, type Key } from '@delegraph/sdk'
import type { Guard } from '@delegraph/sdk/guard'
import { instrumentServer } from '@delegraph/sdk/mcp'
import {
  localhostHostValidation,
  localhostOriginValidation,
  NodeStreamableHTTPServerTransport,
} from '@modelcontextprotocol/node'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { DEPLOYER, RESOURCE, SERVICE } from './names.ts'
import { reportTo } from './report-to.ts'

export interface ToolServer extends AsyncDisposable {
  readonly url: string
}

/**
 * An MCP server with two tools, over HTTP on loopback. It trusts whoever reaches it, as many do: it
 * never asks whose approval came with a call. Delegraph only watches, and signs what was asked of it. With
 * a guard it asks, and what the guard's mode says follows from the answer.
 */
export async function startToolServer(
  keys: { readonly deployer: Key; readonly service: Key },
  collector: string,
  guard?: Guard,
): Promise<ToolServer> {
  const agent = { id: DEPLOYER, kind: 'service' } as const
  const delegraph = createDelegraph({ agent, key: keys.deployer, ...reportTo(collector) })
  const validHost = localhostHostValidation()
  const validOrigin = localhostOriginValidation()
  const http = createServer(async (request, response) => {
    if (!validHost(request, response) || !validOrigin(request, response)) return
    const server = toolsOf(delegraph, keys.service, guard)
    const transport = new NodeStreamableHTTPServerTransport({ enableJsonResponse: true })
    await server.connect(transport)
    await transport.handleRequest(request, response)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      await delegraph.shutdown()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function toolsOf(delegraph: Delegraph, signer: Key, guard: Guard | undefined): McpServer {
  const server = new McpServer({ name: 'deployer', version: '1.0.0' })
  const receipts = { signer, kid: 'service', iss: SERVICE }
  instrumentServer(delegraph, server, {
    ...{ resource: RESOURCE, receipts },
    ...(guard === undefined ? {} : { guard }),
  })
  server.registerTool(
    'deploy',
    { description: 'Deploys to an environment', inputSchema: z.object({ env: z.string() }) },
    async ({ env }) => ({ content: [{ type: 'text', text: `deployed to ${env}` }] }),
  )
  server.registerTool(
    'status',
    { description: 'Says how an environment is', inputSchema: z.object({ env: z.string() }) },
    async ({ env }) => ({ content: [{ type: 'text', text: `${env} is up` }] }),
  )
  return server
}
