import { expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../../test/harness/story.ts'
import { openSqliteStore } from '../../../graph/index.ts'
import { ask, startTestServer } from '../../test-server.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }
const CREDENTIAL = 'k'.repeat(43)

/** Ten minutes after the call; the parent of the link that it cites has not come. */
it('waits for what is missing as long as the configuration says', async () => {
  const rules = async (pendingWindow: number) => {
    const store = openSqliteStore({ file: ':memory:' })
    await using server = await startTestServer({
      ...{ store, empty: true, pendingWindow, clock: () => (T0 + 600) * 1000 },
    })
    const story = new Story(store).knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', DEPLOY)
    story.act(worker, TOOL.deploy, { args: { env: 'staging' }, credential: CREDENTIAL })
    const come = story.evidence.filter(
      (item) => item.kind !== 'link' || item.artefact !== planner.hash,
    )
    await story.told([come])
    const { data } = await ask(
      server,
      `{ whatIf(revoke: [{ kind: CREDENTIAL, id: "${CREDENTIAL}" }]) { ... on WhatIf { actions(first: 5) { nodes { rules } } } } }`,
    )
    return JSON.stringify(data)
  }
  expect(await rules(3_600_000)).toContain('"rules":["D9"]')
  expect(await rules(60_000)).toContain('"rules":["D10","D9"]')
})
