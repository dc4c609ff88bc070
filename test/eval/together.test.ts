import { expect, test } from 'vitest'
import { unlabelled } from './evaluate.ts'
import type { Found } from './findings.ts'
import { parseCase } from './format.ts'
import { type RunOptions, runCases } from './run.ts'

const KINDS = ['person', 'organisation', 'service'] as const
const SQLITE = { store: { kind: 'sqlite' } } as const satisfies RunOptions

/** One who grants and one who, in the second of each kind, is granted for by somebody else. */
const cases = KINDS.flatMap((kind) =>
  [true, false].map((isOwn) =>
    parseCase(
      JSON.stringify({
        ...{ case_id: `${kind}-${isOwn}`, pair_id: null, family: 'together' },
        principals: [
          { id: 'p', kind },
          { id: 'q', kind: 'person' },
        ],
        agents: [{ id: 'a', owner: 'p', standing: [] }],
        events: [
          {
            ...{
              seq: 1,
              type: 'link',
              id: 'L1',
              issuer: 'p',
              holder: 'a',
              scope: [{ perm: 'read' }],
            },
            ...{ parent: null, sig: 'ok', principal: isOwn ? 'p' : 'q' },
          },
          {
            ...{ seq: 2, type: 'action', id: 'X1', actor: 'a', perm: 'read', where: {} },
            ...{ chain: 'L1', approval: null, cred: 'cred:a', principal: isOwn ? 'p' : 'q' },
          },
        ],
        label: { inherit: !isOwn, actions: [], kinds: isOwn ? [] : ['D15'], culprit: null },
      }),
    ),
  ),
).map(unlabelled)

test('cases that are played together are judged as each is alone', async () => {
  const together = await runCases(cases, SQLITE)
  for (const one of cases) {
    const alone = await runCases([one], SQLITE)
    expect([one.case_id, said(together.get(one.case_id))]).toEqual([
      one.case_id,
      said(alone.get(one.case_id)),
    ])
  }
  for (const kind of KINDS) {
    const rules = new Set(together.get(`${kind}-true`)?.map((found) => found.rule))
    expect([kind, [...rules].filter((rule) => rule !== 'D8')]).toEqual([kind, []])
  }
  expect(together.get('person-false')?.map((found) => found.rule)).toContain('D15')
})

function said(found: readonly Found[] = []): string[] {
  return found.map((one) => JSON.stringify(one)).sort()
}
