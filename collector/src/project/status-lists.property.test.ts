import fc from 'fast-check'
import { expect, it } from 'vitest'
import { env, STATUS_URI, Story, T0, TOOL } from '../../../test/harness/story.ts'

/** Times that meet: a few steps of ten seconds around a short life. */
const step = fc.integer({ min: -2, max: 12 })

const answer = fc.record({
  from: step,
  holds: fc.integer({ min: 1, max: 5 }),
  bits: fc.constantFrom(1 as const, 2 as const),
  value: fc.constantFrom(0, 0, 1, 2),
})
const root = fc.record({
  from: fc.integer({ min: 0, max: 3 }),
  holds: fc.integer({ min: 1, max: 5 }),
})

it('answers, links and acts give one graph in whatever order and portions they arrive', async () => {
  const history = fc.record({
    answers: fc.array(answer, { minLength: 1, maxLength: 6 }),
    roots: fc.array(root, { minLength: 1, maxLength: 2 }),
    acts: fc.array(fc.record({ root: fc.nat(1), at: step }), { minLength: 1, maxLength: 4 }),
  })
  const property = fc.asyncProperty(
    history,
    fc.infiniteStream(fc.nat(1_000)),
    fc.integer({ min: 1, max: 4 }),
    async ({ answers, roots, acts }, random, portion) => {
      const tell = () => {
        const story = new Story().knows('agent:planner', 'agent:worker')
        const status = { status_list: { idx: 7, uri: STATUS_URI } }
        const tools = { [TOOL.deploy]: env('staging') }
        const leaves = roots.map(({ from, holds }) => {
          const iat = T0 + from * 10
          const life = { iat, exp: iat + holds * 10 }
          const top = story.root('agent:planner', tools, { ...life, status })
          return story.link(top, 'agent:worker', tools, life)
        })
        for (const { root: index, at } of acts) {
          const leaf = leaves[index % leaves.length]
          if (leaf !== undefined)
            story.act(leaf, TOOL.deploy, { args: { env: 'staging' }, at: T0 + at * 10 })
        }
        for (const { from, holds, bits, value } of answers) {
          const iat = T0 + from * 10
          const claims = { exp: iat + holds * 10 }
          story.answer(iat, { 7: bits === 1 ? value % 2 : value }, { bits, claims })
        }
        return story
      }
      const together = tell()
      await together.told()
      const apart = tell()
      const shuffled = apart.evidence
        .map((item) => ({ item, order: random.next().value ?? 0 }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item)
      const parts = []
      for (let at = 0; at < shuffled.length; at += portion)
        parts.push(shuffled.slice(at, at + portion))
      await apart.told(parts)
      expect(await apart.graph()).toBe(await together.graph())
    },
  )
  await fc.assert(property, { numRuns: Number(process.env['DELEGRAPH_FUZZ_RUNS'] ?? 40) })
}, 300_000)
