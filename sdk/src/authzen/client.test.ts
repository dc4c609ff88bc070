import { beforeAll, describe, expect, test } from 'vitest'
import { pointThat, questionOf } from '../testing/authzen.ts'
import { guarded } from '../testing/guarded.ts'
import { authzenClient, serveAuthzen } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

const question = () => questionOf(people)

describe('a client of a decision point', () => {
  test('asks a guard over a socket, as a gateway does', async () => {
    await using server = await serveAuthzen({
      guard: people.guardWith(),
      token: 'a-secret-of-some-length',
    })
    const headers = { authorization: 'Bearer a-secret-of-some-length' }
    const client = authzenClient({ url: server.url, headers })
    const right = question()
    expect((await client.evaluate(right)).decision).toBe(true)
    expect((await client.evaluate(right)).decision).toBe(false)
    const answers = await client.evaluations({
      options: { evaluations_semantic: 'deny_on_first_deny' },
      evaluations: [question(), right, question()],
    })
    expect(answers.map(({ decision }) => decision)).toEqual([true, false])
    const stranger = authzenClient({ url: server.url })
    await expect(stranger.evaluate(right)).rejects.toMatchObject({ code: 'refused' })
    await expect(client.evaluate({} as never)).rejects.toMatchObject({ code: 'request' })
  })

  test.each([
    ['is away', undefined, 'unavailable'],
    ['answers 500', { status: 500, body: '{"decision":true}' }, 'unavailable'],
    ['answers 201', { status: 201, body: '{"decision":true}' }, 'unavailable'],
    ['sends elsewhere', { status: 307, headers: { location: '/other' }, body: '' }, 'unavailable'],
    ['says nothing', { status: 200, body: '' }, 'answer'],
    ['says a word', { status: 200, body: '{"decision":"true"}' }, 'answer'],
    ['says a list', { status: 200, body: '[true]' }, 'answer'],
    [
      'says too much',
      { status: 200, body: `{"decision":true,"x":"${'x'.repeat(300_000)}"}` },
      'answer',
    ],
    [
      'answers another question',
      { status: 200, headers: { 'x-request-id': 'other' }, body: '{"decision":true}' },
      'answer',
    ],
    ['never answers', 'hang', 'unavailable'],
  ] as const)('has no decision of one that %s', async (_, script, code) => {
    await using point = await pointThat(script)
    const client = authzenClient({ url: point.url, timeout: 200 })
    await expect(client.evaluate(question())).rejects.toMatchObject({
      code,
      name: 'AuthzenFailure',
    })
  })

  test('takes no address that is neither https nor this machine', () => {
    for (const url of [
      'http://pdp.example.com',
      'ftp://127.0.0.1',
      'nothing',
      'https://u:p@pdp.example.com',
    ])
      expect(() => authzenClient({ url })).toThrow(
        expect.objectContaining({ code: 'invalid_config' }),
      )
  })
})
