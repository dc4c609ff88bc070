import { type Json, permits, type ToolGrants } from '@delegraph/link'
import { createDelegraph, createKey, createPrincipal } from '@delegraph/sdk'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isMissing } from '../../collector/src/questions/asking.ts'
import { leastPrivilege } from '../../collector/src/questions/least-privilege/least-privilege.ts'
import { askingOf } from '../../collector/src/questions/testing/asking.ts'
import { Story, T0, TOOL } from '../harness/story.ts'

const GRANTED: ToolGrants = {
  [TOOL.deploy]: {
    env: { constraint_type: 'one_of', values: ['staging', 'test', 'live'] },
    count: { constraint_type: 'range', min: 0, max: 100, optional: true },
    note: { constraint_type: 'wildcard', optional: true },
  },
  [TOOL.status]: {},
}

const calls = fc.array(
  fc.oneof(
    fc
      .record(
        {
          env: fc.constantFrom('staging', 'test', 'live'),
          count: fc.nat(100),
          note: fc.constantFrom('a', 'b', 'c'),
        },
        { requiredKeys: ['env'] },
      )
      .map((args) => ({ tool: TOOL.deploy, args: args as Record<string, Json> })),
    fc.constant({ tool: TOOL.status, args: {} as Record<string, Json> }),
  ),
  { minLength: 1, maxLength: 5 },
)

/**
 * The proposal is pasted where it says: the SDK signs it below the very grant that it was made from, and
 * refuses whatever is no narrower than that. What was done is covered by the link that comes out.
 */
it('a proposal is taken by the SDK below the grant, and covers all that was done in order', async () => {
  const [issuer, planner, worker] = [await createKey(), await createKey(), await createKey()]
  const alice = createPrincipal({
    id: 'person:alice',
    iss: 'https://a.example',
    kid: 'k',
    key: issuer,
  })
  const sdk = createDelegraph({ agent: 'agent:planner', key: planner })
  const granting = alice.issue({ to: sdk.holder, tools: GRANTED })
  const holder = { agent: 'agent:worker', jwk: worker.jwk }
  let narrower = 0
  await fc.assert(
    fc.asyncProperty(calls, async (done) => {
      const story = new Story().knows('agent:worker')
      const link = story.root('agent:worker', GRANTED)
      const ids = done.map(({ tool, args }, i) => story.act(link, tool, { args, at: T0 + 30 + i }))
      // One beyond the grant: it is no reason to grant more.
      story.act(link, TOOL.unlock, { at: T0 + 50 })
      await story.told()
      const answer = await leastPrivilege('agent:worker', 0, askingOf(story))
      if (isMissing(answer)) throw new Error(answer.missing)
      const [tools = {}] = answer.proposal.tools
      expect(answer.proposal).toMatchObject({ tools: [tools], complete: true })
      expect(Object.keys(tools)).not.toContain(TOOL.unlock)
      expect(answer.exercised).toHaveLength(ids.length + 1)
      const child = sdk.narrow(granting, { to: holder, tools })
      const signed = child.leaf.authorization_details[0].tools
      for (const { tool, args } of done)
        expect(permits(signed, { tool, args })).toEqual({ covered: true })
      if (JSON.stringify(signed) !== JSON.stringify(GRANTED)) narrower += 1
      // And it is code that says so.
      const code = answer.proposal.code.replace(/^delegraph\.narrow\(chain, /, 'return (')
      const pasted: unknown = new Function('worker', code)('worker')
      expect(pasted).toEqual({ to: 'worker', tools })
    }),
    { numRuns: 60 },
  )
  expect(narrower).toBeGreaterThan(40)
})
