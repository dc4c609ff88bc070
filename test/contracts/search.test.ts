import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ACTION,
  APPROVAL,
  EDGES,
  FINDING,
  finding,
  LEAF,
  NODES,
  node,
  ROOT,
} from '../../collector/src/api/test-graph.ts'
import { ask, startTestServer, type TestServer } from '../../collector/src/api/test-server.ts'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const SEARCH = `query ($text: String!) { search(text: $text) { __typename
  ... on Matches { matches { kind id name chain } complete } ... on InvalidArgumentError { argument } } }`

interface Found {
  readonly matches: readonly { readonly kind: string; readonly id: string; readonly name: string }[]
  readonly complete: boolean
}

describe.each(storePlaces())('search on $name', ({ store, env }) => {
  const folder = temporaryFolder()
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({
      store: await openStoreOf({ ...readConfig({ data: folder.path }, {}), store }, env),
      empty: true,
    })
    await server.store.write({ nodes: NODES, edges: EDGES })
    const crowd = Array.from({ length: 12 }, (_, i) => `agent:crowd-${String(i).padStart(2, '0')}`)
    await server.store.write({
      nodes: [
        node('Tool', 'https://tools.example/ops#deploy', {
          uri: 'https://tools.example/ops#deploy',
        }),
        ...['agent:deploy', 'agent:re-deployer', 'agent:deployer', ...crowd].map((id) =>
          node('Agent', id, { id }),
        ),
        finding('older', { title: 'Somebody restarted the database', raisedAt: 1 }),
      ],
      // A link, an action and a finding that are named and have not come.
      edges: [
        { kind: 'DERIVED_FROM', from: 'named-only-1', to: 'named-only-2' },
        { kind: 'USED', from: 'named-only-action', to: APPROVAL },
      ],
    })
  })
  afterAll(async () => {
    await server.store.clear()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const search = async (text: string): Promise<Found & { readonly argument?: string }> => {
    const { data, errors } = await ask(server, SEARCH, { text })
    expect(errors).toEqual([])
    return data?.['search'] as Found
  }
  const ids = ({ matches }: Found): string[] => matches.map(({ kind, id }) => `${kind} ${id}`)

  it('finds names by a part, in any case: what is called so first', async () => {
    const found = await search('Deploy')
    expect(ids(found)).toEqual([
      'AGENT agent:deploy',
      'AGENT agent:deployer',
      'AGENT agent:re-deployer',
      'TOOL https://tools.example/ops#deploy',
      `FINDING ${FINDING}`,
    ])
    expect(found.matches.map(({ name }) => name)).toContain('re-deployer')
    expect(found.complete).toBe(true)
    expect(ids(await search('alic'))).toEqual(['PRINCIPAL person:alice', `FINDING ${FINDING}`])
    expect(ids(await search('THE DATABASE'))).toEqual(['FINDING older'])
  })

  it('finds by the beginning of an id', async () => {
    expect((await search(LEAF.slice(0, 8))).matches).toEqual([
      { kind: 'LINK', id: LEAF, name: 'link of worker', chain: ROOT },
    ])
    const trace = ACTION.slice(0, 32)
    for (const text of [trace, trace.toUpperCase(), ACTION]) {
      expect((await search(text)).matches).toEqual([
        { kind: 'ACTION', id: ACTION, name: 'deploy by worker', chain: ROOT },
      ])
    }
    expect(ids(await search(APPROVAL))).toEqual([`APPROVAL ${APPROVAL}`])
    expect(ids(await search(FINDING))).toEqual([`FINDING ${FINDING}`])
    // By chance, and in the middle.
    expect(ids(await search(LEAF.slice(0, 5)))).toEqual([])
    expect(ids(await search(LEAF.slice(1)))).toEqual([])
  })

  it('shows what is only named where it can be opened, and else not', async () => {
    expect(ids(await search('named-only'))).toEqual(['LINK named-only-1', 'LINK named-only-2'])
  })

  it('says where there are more than it lists', async () => {
    const found = await search('crowd')
    expect(found.matches).toHaveLength(8)
    expect(found.complete).toBe(false)
  })

  it('finds nothing where there is nothing, whatever is asked', async () => {
    for (const text of ['nothing of the kind', '_%', '%%', "' OR 1=1 --", '\uffff\uffff']) {
      expect(await search(text)).toMatchObject({ matches: [], complete: true })
    }
  })

  it.each(['', ' x ', 'x'.repeat(1_025)])('refuses %j by name', async (text) => {
    expect(await search(text)).toEqual({ __typename: 'InvalidArgumentError', argument: 'text' })
  })
})
