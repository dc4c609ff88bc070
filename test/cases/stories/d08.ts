import { act, allow, bare, deny, type Flagged, hand, pair, perm, root } from '../story.ts'

const deploy = perm('deploy', { service: 'svc-1' })
const logs = perm('read_logs')
const flagged: Flagged = { at: ['X1'], kinds: ['D8'] }
const borrowed: Flagged = { ...flagged, culprit: 'L0' }

const lead = root('L0', 'lead', [logs, perm('deploy')])
const toDeploy = hand('L1', 'lead', 'worker', [logs, deploy], 'L0')
const deploys = bare('X1', 'worker', deploy, { chain: 'L1' })

export const d08 = [
  pair('D8', 'ancestor', 'what only an ancestor’s link covers, let through', borrowed, (bad) => [
    lead,
    hand('L1', 'lead', 'worker', bad ? [logs] : [logs, deploy], 'L0'),
    act('X1', 'worker', deploy, { chain: 'L1' }),
  ]),
  pair('D8', 'no-decision', 'exposure: nobody decided, though it had the right', flagged, (bad) => [
    lead,
    toDeploy,
    ...(bad ? [] : [allow('worker', deploy)]),
    deploys,
  ]),
  pair('D8', 'zone', 'exposure: accepted because of where it ran', flagged, (bad) => [
    lead,
    toDeploy,
    act('X1', 'worker', deploy, { chain: 'L1', zone: bad }),
  ]),
  pair('D8', 'other-call-decided', 'the decision covers the call', flagged, (bad) => [
    lead,
    toDeploy,
    allow('worker', perm('deploy', { service: bad ? 'svc-2' : 'svc-1' })),
    deploys,
  ]),
  pair('D8', 'decided-later', 'the decision comes before', flagged, (bad) => {
    const decided = allow('worker', deploy)
    return [lead, toDeploy, ...(bad ? [deploys, decided] : [decided, deploys])]
  }),
  pair(
    'D8',
    'cached',
    'a decision for the same chain serves again, not for another task',
    flagged,
    (bad) => {
      const task = bad ? 'task-2' : 'task-1'
      return [
        lead,
        toDeploy,
        root('R2', 'worker', [deploy], { task }),
        act('X0', 'worker', deploy, { chain: 'L1' }),
        bare('X1', 'worker', deploy, { chain: 'R2', task }),
      ]
    },
  ),
  pair(
    'D8',
    'decision-of-another',
    'a decision about somebody else is none',
    { ...flagged, culprit: 'N' },
    (bad) => [
      lead,
      toDeploy,
      allow(bad ? 'lead' : 'worker', deploy, { id: 'N' }),
      bare('X1', 'worker', deploy, { chain: 'L1', decision: 'N' }),
    ],
  ),
  pair(
    'D8',
    'decision-for-another',
    'a decision made for another caller is none for this one',
    { ...flagged, culprit: 'N' },
    (bad) => [
      lead,
      toDeploy,
      allow('worker', deploy, { id: 'N', for: bad ? 'desk' : 'lead' }),
      bare('X1', 'worker', deploy, { chain: 'L1', decision: 'N' }),
    ],
  ),
  pair('D8', 'refused-itself', 'done by the one that was refused', flagged, (bad) => [
    lead,
    toDeploy,
    deny('N', 'worker', deploy),
    ...(bad ? [] : [allow('worker', deploy)]),
    deploys,
  ]),
  pair('D8', 'no-right', 'without a right and without a decision', flagged, (bad) => [
    bare('X1', 'worker', deploy, { status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D8',
    'public',
    'X4: a permission declared ungated',
    flagged,
    () => [root('L0', 'worker', [logs]), bare('X1', 'worker', deploy, { chain: 'L0' })],
    (bad) => ({ public: bad ? [] : ['deploy'] }),
  ),
  pair('D8', 'failed', 'E: a failed call had no effect', borrowed, (bad) => [
    lead,
    hand('L1', 'lead', 'worker', [logs], 'L0'),
    bare('X1', 'worker', deploy, { chain: 'L1', status: bad ? 'ok' : 'failed' }),
  ]),
  pair(
    'D8',
    'ancestor-argument',
    'an argument that only an ancestor’s link covers',
    borrowed,
    (bad) => [
      lead,
      hand('L1', 'lead', 'worker', [perm('deploy', { service: bad ? 'svc-2' : 'svc-1' })], 'L0'),
      act('X1', 'worker', deploy, { chain: 'L1' }),
    ],
  ),
  pair('D8', 'six-hops', 'an ancestor four links above', { ...flagged, culprit: 'L1' }, (bad) => {
    const passed = bad ? [logs] : [logs, deploy]
    return [
      lead,
      hand('L1', 'lead', 'b', [logs, deploy], 'L0'),
      hand('L2', 'b', 'c', passed, 'L1'),
      hand('L3', 'c', 'd', passed, 'L2'),
      hand('L4', 'd', 'e', passed, 'L3'),
      hand('L5', 'e', 'worker', passed, 'L4'),
      act('X1', 'worker', deploy, { chain: 'L5' }),
    ]
  }),
  pair('D8', 'unsigned', 'unsigned links grant, of lower grade', borrowed, (bad) => [
    { ...lead, sig: 'missing' },
    hand('L1', 'lead', 'worker', bad ? [logs] : [logs, deploy], 'L0', { sig: 'missing' }),
    act('X1', 'worker', deploy, { chain: 'L1' }),
  ]),
  pair(
    'D8',
    'other-path',
    'another path of the actor covers it, for this task',
    borrowed,
    (bad) => {
      const task = bad ? 'task-2' : 'task-1'
      return [
        lead,
        hand('L1', 'lead', 'worker', [logs], 'L0'),
        root('R2', 'worker', [deploy], { task }),
        act('X1', 'worker', deploy, { chain: 'L1' }),
      ]
    },
  ),
  pair(
    'D8',
    'allowed-then-refused',
    'exposure: of several decisions on the call the last one counts',
    flagged,
    (bad) => [
      lead,
      toDeploy,
      allow('worker', deploy, { t: 1 }),
      deny('N', 'worker', bad ? deploy : perm('deploy', { service: 'svc-2' }), { t: 2 }),
      { ...deploys, t: 3 },
    ],
  ),
]
