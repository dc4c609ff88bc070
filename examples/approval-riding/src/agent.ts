import { createDelegraph, type Delegraph, type Key, type Proposal } from '@delegraph/sdk'
import { instrumentClient } from '@delegraph/sdk/mcp'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { RESOURCE } from './names.ts'
import { reportTo } from './report-to.ts'

/** An approval with the very call that it is for, as agents pass it around. */
export interface Approved {
  readonly proposal: Proposal
  readonly approval: string
}

/** An agent of the stories: its own key, its own connection to the tool server. */
export interface Agent extends AsyncDisposable {
  readonly delegraph: Delegraph
  /** Calls a tool of the server; presents an approval where one is given. */
  call(tool: string, args: { readonly env: string }, approved?: Approved): Promise<string>
}

export async function connectAgent(
  agent: string,
  key: Key,
  collector: string,
  server: string,
): Promise<Agent> {
  const delegraph = createDelegraph({ agent, key, ...reportTo(collector) })
  const client = new Client({ name: agent, version: '1.0.0' })
  instrumentClient(delegraph, client, { resource: RESOURCE })
  await client.connect(new StreamableHTTPClientTransport(new URL(server)))
  const callTool = async (name: string, args: { readonly env: string }): Promise<string> => {
    const { content } = await client.callTool({ name, arguments: { ...args } })
    return content.map((part) => (part.type === 'text' ? part.text : part.type)).join(' ')
  }
  return {
    delegraph,
    async call(name, args, approved) {
      if (approved === undefined) return callTool(name, args)
      const { proposal, approval } = approved
      return delegraph.act(proposal, () => callTool(name, args), { approvals: [approval] })
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await delegraph.shutdown()
    },
  }
}
