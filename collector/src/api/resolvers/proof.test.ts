import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import type { Access } from '../../access/access.ts'
import { openSqliteStore } from '../../graph/index.ts'
import { type Proof, proofFile, rederive } from '../../project/proof.ts'
import { documentId, openDocuments } from '../documents.ts'
import { ask, startTestServer } from '../test-server.ts'

const ASK = `query Proof($id: ID!) { findingProof(id: $id) { __typename
  ... on FindingProof { finding text sha256 bytes } ... on UserError { message } ... on ForbiddenError { needs } } }`

/** An approval that somebody else rides on, with a decision on the call. */
async function incident() {
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const story = new Story(store)
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging'), [TOOL.status]: {} })
  const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
  const call = story.propose(planner, TOOL.deploy, { env: 'staging' })
  story.decide(worker, call, true)
  const approvals = [story.approve(planner, call)]
  const action = story.act(worker, TOOL.deploy, { as: call, approvals })
  await story.told()
  const [finding] = await story.findings()
  return { store, story, action, actionHash: call.hash, finding: finding?.key ?? '' }
}

it('gives the file that export writes, from which the finding comes out again', async () => {
  const { store, story, finding } = await incident()
  await using server = await startTestServer({ store, empty: true, clock: () => T0 * 1000 })
  const { data } = await ask(server, ASK, { id: finding })
  const { text, ...said } = (data?.['findingProof'] ?? {}) as { text: string }
  const file = await proofFile(store, finding, 900_000)
  expect(file).toMatchObject({ text })
  expect(said).toEqual({
    __typename: 'FindingProof',
    finding,
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes: Buffer.byteLength(text),
  })
  await using again = openSqliteStore({ file: ':memory:' })
  await again.init()
  expect(await rederive(JSON.parse(text) as Proof, story.trust, again)).toEqual([])
})

it('says that nobody knows a finding', async () => {
  await using server = await startTestServer()
  const { data } = await ask(server, ASK, { id: 'nothing' })
  expect(data?.['findingProof']).toEqual({
    __typename: 'NotFoundError',
    message: 'finding nothing is not known here',
  })
})

it('is not for whoever may not see arguments and signed texts', async () => {
  const access: Access = {
    login: true,
    viewerOf: async () => ({ name: 'reader', roles: ['viewer'], tenant: 'default' }),
  }
  const documents = openDocuments({
    name: 'a file',
    json: JSON.stringify({ [documentId(ASK)]: ASK }),
  })
  await using server = await startTestServer({ access, documents })
  const { data } = await ask(server, ASK, { id: 'finding-id' })
  expect(data?.['findingProof']).toEqual({
    __typename: 'ForbiddenError',
    message: 'this needs the role analyst',
    needs: 'ANALYST',
  })
})

it('lists the decisions on an action, and none that is only named', async () => {
  const { store, action, actionHash } = await incident()
  await using server = await startTestServer({ store, empty: true, clock: () => T0 * 1000 })
  const asked = (id: string) =>
    ask(
      server,
      `{ action(id: "${id}") { ... on Action { decisions decisionRecords { id answer actionHash verdict { state } } } } }`,
    )
  const { data } = await asked(action)
  const { decisions, decisionRecords } = (data?.['action'] ?? {}) as Record<string, unknown[]>
  expect(decisions).toHaveLength(1)
  expect(decisionRecords).toEqual([
    { id: decisions?.[0], answer: 'ALLOW', actionHash, verdict: { state: 'OK' } },
  ])
  await store.write({
    nodes: [
      {
        kind: 'Action',
        key: 'named-only',
        columns: { at: T0 * 1000, decisions: JSON.stringify(['never-arrived']) },
      },
    ],
    edges: [],
  })
  const named = await asked('named-only')
  expect(named.data?.['action']).toEqual({ decisions: ['never-arrived'], decisionRecords: [] })
})
