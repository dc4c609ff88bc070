/** A program as a newcomer writes it: it acts, and ends without asking anybody to flush. */
import { createDelegraph, createKey } from '../index.ts'

const [collector = ''] = process.argv.slice(2)
const agent = createDelegraph({ agent: 'agent:short', key: await createKey(), collector })
await agent.act({ tool: 'tool:add', args: { a: 1 } }, () => 1)
