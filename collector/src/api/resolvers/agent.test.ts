import { signRegistry } from '@delegraph/link'
import { expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { openSqliteStore } from '../../graph/index.ts'
import { registryNodes } from '../../project/registry.ts'
import { registryProblems } from '../../verify/registry.ts'
import { ask, startTestServer } from '../test-server.ts'

const AGENT = `query ($id: ID!) { agent(id: $id) { ... on Agent {
  kind version model charter firstSeenAt lastSeenAt keys { registered links firstLinkAt lastLinkAt } } } }`
const at = (seconds: number): string => new Date(seconds * 1000).toISOString()

async function told(about: Readonly<Record<string, string>>) {
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const story = new Story(store)
  const root = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  story.act(root, TOOL.deploy, { args: { env: 'staging' }, at: T0 + 40 })
  await story.told()
  const { text } = signRegistry({
    ...{ signer: keyOf('owner'), kid: 'owner' },
    claims: {
      ...{ iss: 'https://owners.example.com', iat: T0, version: '1' },
      entries: [
        { type: 'owner', agent: 'agent:worker', owner: null, kind: 'agent', ...about },
        { type: 'owner', agent: 'agent:quiet', owner: null },
      ],
    },
  })
  await store.write(registryNodes(text, T0 * 1000))
  return store
}

it('an agent is what its owner says, and was seen when it was', async () => {
  const about = { version: '2.1', model: 'some-model-3', charter: 'deploys what was approved' }
  const store = await told(about)
  await using server = await startTestServer({ store, empty: true, clock: () => T0 * 1000 })
  const { data } = await ask(server, AGENT, { id: 'agent:worker' })
  const { keys, firstSeenAt, lastSeenAt, ...said } = (data?.['agent'] ?? {}) as {
    keys: { firstLinkAt: string; lastLinkAt: string }[]
    firstSeenAt: string
    lastSeenAt: string
  }
  expect(said).toEqual({ kind: 'agent', ...about })
  expect(keys).toMatchObject([{ registered: false, links: 1 }])
  expect(keys[0]?.firstLinkAt).toBe(keys[0]?.lastLinkAt)
  expect(firstSeenAt).toBe(keys[0]?.firstLinkAt)
  expect(lastSeenAt).toBe(at(T0 + 40))
})

it('what nobody told, and an agent that was only named, has nothing', async () => {
  await using server = await startTestServer({
    ...{ store: await told({}), empty: true, clock: () => T0 * 1000 },
  })
  const { data } = await ask(server, AGENT, { id: 'agent:quiet' })
  expect(data?.['agent']).toEqual({
    ...{ kind: null, version: null, model: null, charter: null },
    ...{ firstSeenAt: null, lastSeenAt: null, keys: [] },
  })
})

it.each([
  ['a version that is a number', { version: 2 }],
  ['a charter that is a book', { charter: 'x'.repeat(1_001) }],
])('a registry with %s is refused', (_, about) => {
  const entry = { type: 'owner', agent: 'agent:a', owner: null, ...about }
  expect(registryProblems([entry])).toEqual([
    expect.stringContaining('that is no text of at most 1000 characters'),
  ])
  expect(registryProblems([{ ...entry, version: '2', charter: 'x' }])).toEqual([])
})
