import { expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { listsInUse } from './lists-in-use.ts'

const HOST = 'lists.example.com'

async function told(lists: number) {
  const story = new Story().knows('agent:planner')
  const [anchor] = story.trust.anchors
  if (anchor === undefined) throw new Error('the story has an anchor')
  story.trust = { ...story.trust, anchors: [{ ...anchor, status_hosts: [HOST] }] }
  for (let list = 0; list < lists; list += 1) {
    const status = { status_list: { idx: 1, uri: `https://${HOST}/${list}` } }
    story.root('agent:planner', { [TOOL.deploy]: env('staging') }, { status })
  }
  await story.told()
  return listsInUse(story.store, story.trust, T0)
}

it('names all lists where they are few', async () => {
  const { uris, cut } = await told(50)
  expect(uris).toHaveLength(50)
  expect(cut).toBeUndefined()
})

it('says so where a host has more lists than are asked', async () => {
  const { uris, cut } = await told(51)
  expect(uris).toHaveLength(50)
  expect(cut).toBe(`more than 50 status lists of one host are named (${HOST})`)
})
