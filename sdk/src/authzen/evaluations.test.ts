import { beforeAll, describe, expect, test } from 'vitest'
import { type GuardConfig, memoryUseStore } from '../guard/index.ts'
import { post, questionOf } from '../testing/authzen.ts'
import { RESOURCE } from '../testing/cast.ts'
import { guarded } from '../testing/guarded.ts'
import { createAuthzen } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

const question = () => questionOf(people)
const handlerOf = (config: Partial<GuardConfig> = {}) =>
  createAuthzen({ guard: people.guardWith(config) })

describe('several evaluations', () => {
  const other = { action: { name: `${RESOURCE}#destroy` } }
  const many = (extra: object, items: readonly object[]) => ({ ...extra, evaluations: items })
  const ask = async (body: unknown) => {
    const response = await handlerOf()(post(body, { path: '/access/v1/evaluations' }))
    return { status: response.status, body: response.status === 200 ? await response.json() : {} }
  }
  const decisions = ({ body }: { body: { evaluations: { decision: boolean }[] } }) =>
    body.evaluations.map(({ decision }) => decision)

  test('take what they leave out from beside the list, whole', async () => {
    const { subject, action, resource } = question()
    const contexts = [question(), question()].map(({ context }) => ({ context }))
    const answer = await ask(many({ subject, action, resource }, contexts))
    expect(decisions(answer)).toEqual([true, true])
    expect(answer.body).not.toHaveProperty('decision')
    // The context is taken whole too: a proof in it counts once.
    expect(decisions(await ask(many(question(), [{}, {}])))).toEqual([true, false])
  })

  test('are all answered where nothing else is said, one that is no question by a no', async () => {
    const { subject, action, context } = question()
    const { resource } = question()
    const answer = await ask(many({ subject, action, context }, [{}, { resource }, 7 as never]))
    expect(decisions(answer)).toEqual([false, true, false])
    expect(answer.body.evaluations[0]).toMatchObject({ context: { error: { status: 400 } } })
  })

  test.each([
    ['deny_on_first_deny', [true, false]],
    ['permit_on_first_permit', [true]],
    ['execute_all', [true, false, true]],
  ] as const)('end early with %s', async (evaluations_semantic, expected) => {
    const items = [question(), { ...question(), ...other }, question()]
    expect(decisions(await ask(many({ options: { evaluations_semantic } }, items)))).toEqual(
      expected,
    )
  })

  test('do not ask what comes after the end', async () => {
    const uses = memoryUseStore()
    let asked = 0
    const counted = {
      consume: (...all: Parameters<typeof uses.consume>) => {
        asked += 1
        return uses.consume(...all)
      },
    }
    const items = [question(), question(), question()]
    const body = many({ options: { evaluations_semantic: 'permit_on_first_permit' } }, items)
    await handlerOf({ uses: counted })(post(body, { path: '/access/v1/evaluations' }))
    expect(asked).toBe(1)
  })

  test('are one where there is no list, and refused where there are too many or the semantic is unknown', async () => {
    expect((await ask(question())).body).toMatchObject({ decision: true })
    expect((await ask({ ...question(), evaluations: [] })).body).toMatchObject({ decision: true })
    expect(
      (
        await ask(
          many(
            {},
            Array.from({ length: 33 }, () => ({})),
          ),
        )
      ).status,
    ).toBe(400)
    expect((await ask(many({ options: { evaluations_semantic: 'any' } }, [{}]))).status).toBe(400)
    expect((await ask({ evaluations: 'all' })).status).toBe(400)
  })
})
