import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, TOOL, TOOLS } from '../../../test/harness/story.ts'

function begun(asked = 'staging') {
  const story = new Story().knows('agent:worker')
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') }, { aud: TOOLS })
  const call = story.propose(link, TOOL.deploy, { env: asked }, TOOLS)
  const id = story.act(link, TOOL.deploy, { as: call, keeps: 'values' })
  return { story, link, call, id }
}

async function judged(story: Story, id: string) {
  const { columns } = await (await story.told()).action(id)
  const { kind } = JSON.parse(String(columns['authority'])) as { kind: string }
  return { kind, args: columns['args'], names: columns['argNames'], fired: await story.fired() }
}

describe('arguments that an agent keeps to itself', () => {
  it('are unknown, which is neither fine nor held against anybody', async () => {
    const { story, id } = begun('production')
    expect(await judged(story, id)).toEqual({
      ...{ kind: 'unknown', args: undefined, names: undefined, fired: [] },
    })
  })

  it.each(['approval', 'receipt of the service', 'decision'])(
    'are those of the %s that has the same action hash',
    async (by) => {
      for (const asked of ['staging', 'production']) {
        const { story, link, call, id } = begun(asked)
        if (by === 'approval') story.approve(link, call)
        else if (by === 'decision')
          story.decide(link, call, true, {
            claims: { args: call.args, arg_names: call.names, rest: call.rest },
          })
        else story.serve(id, link, call)
        const { kind, args, fired } = await judged(story, id)
        expect(args).toBe(JSON.stringify({ env: asked }))
        // An approval tells no names: there may be arguments that the grant does not know.
        if (by === 'approval') expect([kind, fired]).toEqual(['approved', []])
        else expect(kind).toBe(asked === 'staging' ? 'chain' : 'none')
      }
    },
  )

  it('are nothing that another call was made with, whoever signs it', async () => {
    const { story, link, id } = begun('production')
    story.serve(id, link, story.propose(link, TOOL.deploy, { env: 'staging' }, TOOLS))
    expect(await judged(story, id)).toMatchObject({ kind: 'unknown', args: undefined })
  })

  it('are shown by whoever can, since the hash is what binds them', async () => {
    const { story, link, call, id } = begun('staging')
    story.serve(id, link, call, { signer: keyOf('a stranger') })
    expect(await judged(story, id)).toMatchObject({ kind: 'chain' })
  })
})

describe('names of arguments that an agent keeps to itself', () => {
  const GRANTED = { env: { constraint_type: 'exact', value: 'staging' } } as const

  it.each([
    ['a closed grant', GRANTED, 'unknown'],
    ['an open grant', { ...GRANTED, '*': { constraint_type: 'wildcard' } as const }, 'chain'],
    [
      'an open grant with another limit',
      {
        ...GRANTED,
        count: { constraint_type: 'range', max: 3, optional: true } as const,
        '*': { constraint_type: 'wildcard' } as const,
      },
      'unknown',
    ],
  ])('under %s, the values that it shows are not taken for all', async (_, grant, kind) => {
    const story = new Story().knows('agent:worker')
    const link = story.root('agent:worker', { [TOOL.deploy]: grant })
    const call = story.propose(link, TOOL.deploy, { env: 'staging' })
    const id = story.act(link, TOOL.deploy, { as: call, keeps: 'names' })
    expect(await judged(story, id)).toMatchObject({ kind, args: '{"env":"staging"}' })
  })
})
