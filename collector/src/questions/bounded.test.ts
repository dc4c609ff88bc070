import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { openSqliteStore } from '../graph/index.ts'
import { isMissing } from './asking.ts'
import { blastRadius } from './blast-radius/blast-radius.ts'
import { boundedStore, MAX_NEIGHBOURS } from './bounded.ts'
import { coverageOf } from './coverage.ts'
import { leastPrivilege } from './least-privilege/least-privilege.ts'
import { askingOf } from './testing/asking.ts'
import { whatIf } from './what-if/what-if.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }
const AT = (T0 + 30) * 1000

/** A graph in which one agent asked for, and one credential was used in, more calls than are read at a time. */
async function crowded() {
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const story = new Story(store).knows('agent:planner')
  const link = story.root('agent:planner', DEPLOY)
  await story.told()
  const ids = Array.from({ length: MAX_NEIGHBOURS + 1 }, (_, i) => `call-${i}`)
  await store.write({
    nodes: [
      { kind: 'Agent', key: 'agent:worker', columns: { id: 'agent:worker' } },
      ...ids.map((id) => ({
        ...{ kind: 'Action' as const, key: id },
        columns: {
          ...{ id, agent: 'agent:worker', tool: TOOL.deploy, at: AT, effect: 'ok' },
          ...{ grade: 'asserted', credential: 'c1', link: link.hash },
        },
      })),
    ],
    edges: ids.map((from) => ({ kind: 'ASKED_BY', from, to: 'agent:planner' })),
  })
  return { story, link, asking: askingOf(story) }
}

describe('a walk over very many neighbours', () => {
  it('reads the first of them, and says that there are more', async () => {
    const { asking } = await crowded()
    for (const read of [
      ({ store }: ReturnType<typeof boundedStore>) =>
        store.neighbours('ASKED_BY', 'in', ['agent:planner']),
      async ({ store }: ReturnType<typeof boundedStore>) =>
        (await store.find('Action', 'credential', ['c1'])).map(({ key }) => key),
    ]) {
      const bounded = boundedStore(asking.store, 2)
      expect(await read(bounded)).toEqual(['call-0', 'call-1'])
      expect(bounded.isCut()).toBe(true)
      const whole = boundedStore(asking.store, MAX_NEIGHBOURS + 1)
      expect(await read(whole)).toHaveLength(MAX_NEIGHBOURS + 1)
      expect(whole.isCut()).toBe(false)
    }
  })

  it('ends in each question, which says that it is capped', async () => {
    const { asking, link } = await crowded()
    const reach = await blastRadius(
      { kind: 'credential', id: 'c1' },
      { since: 0, maxDepth: 16 },
      asking,
    )
    expect(isMissing(reach) ? reach : reach.cappedBy).toContain('actions')
    expect((await coverageOf('agent:planner', asking)).capped).toBe(true)
    const fate = await whatIf([{ kind: 'link', id: link.hash }], T0 * 1000 + 1e9, asking)
    expect(fate).toMatchObject({ actions: [], capped: true })
    expect(await leastPrivilege('agent:worker', 0, asking)).toMatchObject({ capped: true })
  })
})
