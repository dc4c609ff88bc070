import { act, end, type Flagged, hand, oneOf, pair, perm, revoke, root, yes } from '../story.ts'

const deploy = perm('deploy', { service: 'svc-1' })
const logs = perm('read_logs')
/** An allow let through what only Planner's link covers, which is D8 as well. */
const flagged: Flagged = { at: ['X1'], kinds: ['D1', 'D5', 'D8'], culprit: 'A' }
const on = { chain: 'L1', approval: 'A' }

/** Planner may deploy and has a yes for it that also names its delegates; Runner acts on that yes. */
const planner = root('L0', 'planner', [logs, deploy])
const forDelegates = yes('A', 'planner', deploy, { delegates: true })

export const d01 = [
  pair('D1', 'hand-on', 'X1: a signed link from the subject carries the call', flagged, (bad) => [
    planner,
    forDelegates,
    hand('L1', 'planner', 'runner', bad ? [logs] : [logs, deploy], 'L0'),
    act('X1', 'runner', deploy, on),
  ]),
  pair('D1', 'fresh-yes', 'a fresh approval names the one that acts', flagged, (bad) => [
    planner,
    yes('A', bad ? 'planner' : 'runner', deploy),
    hand('L1', 'planner', 'runner', [logs], 'L0'),
    act('X1', 'runner', deploy, on),
  ]),
  pair(
    'D1',
    'hand-on-ended',
    'the hand-on is in its window: over when t has reached exp',
    { ...flagged, kinds: ['D1', 'D5', 'D9'] },
    (bad) => [
      planner,
      forDelegates,
      hand('L1', 'planner', 'runner', [deploy], 'L0', { exp: 60 }),
      act('X1', 'runner', deploy, { ...on, t: bad ? 60 : 59 }),
    ],
  ),
  pair(
    'D1',
    'four-hops',
    'every hop between subject and actor carries the call',
    flagged,
    (bad) => {
      const passed = bad ? [logs] : [logs, deploy]
      return [
        planner,
        forDelegates,
        hand('L1', 'planner', 'lead', [logs, deploy], 'L0'),
        hand('L2', 'lead', 'crew', passed, 'L1'),
        hand('L3', 'crew', 'runner', passed, 'L2'),
        act('X1', 'runner', deploy, { chain: 'L3', approval: 'A' }),
      ]
    },
  ),
  pair('D1', 'unsigned', 'an unsigned hand-on is one of lower grade', flagged, (bad) => [
    { ...planner, sig: 'missing' },
    forDelegates,
    hand('L1', 'planner', 'runner', bad ? [logs] : [logs, deploy], 'L0', { sig: 'missing' }),
    act('X1', 'runner', deploy, on),
  ]),
  pair('D1', 'other-task', 'the hand-on is for the task of the call', flagged, (bad) => {
    const task = bad ? 'task-2' : 'task-1'
    return [
      planner,
      root('R2', 'planner', [deploy], { task }),
      forDelegates,
      hand('L1', 'planner', 'runner', [logs], 'L0'),
      hand('L2', 'planner', 'runner', [deploy], 'R2', { task }),
      act('X1', 'runner', deploy, on),
    ]
  }),
  pair('D1', 'other-argument', 'the hand-on covers the arguments of the call', flagged, (bad) => [
    root('L0', 'planner', [perm('deploy')]),
    forDelegates,
    hand('L1', 'planner', 'runner', [perm('deploy', { service: bad ? 'svc-2' : 'svc-1' })], 'L0'),
    act('X1', 'runner', deploy, on),
  ]),
  pair(
    'D1',
    'hand-on-withdrawn',
    'the hand-on is not revoked at the time of the call',
    { ...flagged, kinds: ['D1', 'D5', 'D9'] },
    (bad) => {
      const withdrawn = revoke('link', 'L1', { by: 'planner', t: 10 })
      const done = act('X1', 'runner', deploy, { ...on, t: 10 })
      return [
        planner,
        forDelegates,
        hand('L1', 'planner', 'runner', [deploy], 'L0'),
        ...(bad ? [withdrawn, done] : [done, withdrawn]),
      ]
    },
  ),
  pair('D1', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    planner,
    yes('A', 'planner', deploy),
    hand('L1', 'planner', 'runner', [logs], 'L0'),
    act('X1', 'runner', deploy, { ...on, status: bad ? 'ok' : 'denied' }),
  ]),
  pair('D1', 'failed', 'E: a failed call had no effect', flagged, (bad) => [
    planner,
    yes('A', 'planner', deploy),
    hand('L1', 'planner', 'runner', [logs], 'L0'),
    act('X1', 'runner', deploy, { ...on, status: bad ? 'ok' : 'failed' }),
  ]),
  pair(
    'D1',
    'public',
    'X4: nothing is inherited where anybody may',
    flagged,
    () => [
      planner,
      yes('A', 'planner', deploy),
      hand('L1', 'planner', 'runner', [logs], 'L0'),
      act('X1', 'runner', deploy, on),
    ],
    (bad) => ({ public: bad ? [] : ['deploy'] }),
  ),
  pair(
    'D1',
    'batch',
    'X5: a yes for n uses and for delegates is for those who hold a link',
    { ...flagged, at: ['X2'] },
    (bad) => [
      planner,
      yes('A', 'planner', deploy, { delegates: true, uses: 2 }),
      hand('L1', 'planner', 'runner', bad ? [logs] : [logs, deploy], 'L0'),
      act('X1', 'planner', deploy, { chain: 'L0', approval: 'A' }),
      act('X2', 'runner', deploy, on),
    ],
  ),
  pair('D1', 'notation', 'the hand-on covers the call in another notation', flagged, (bad) => [
    root('L0', 'planner', [perm('deploy', { service: oneOf('svc-1', 'svc-2', 'svc-3') })]),
    forDelegates,
    hand(
      'L1',
      'planner',
      'runner',
      [perm('deploy', { service: bad ? oneOf('svc-2', 'svc-3') : oneOf('svc-1', 'svc-2') })],
      'L0',
    ),
    act('X1', 'runner', deploy, on),
  ]),
  pair(
    'D1',
    'task-over',
    'what the task granted ends with it',
    { ...flagged, kinds: ['D1', 'D5', 'D9'] },
    (bad) => [
      planner,
      forDelegates,
      hand('L1', 'planner', 'runner', [deploy], 'L0'),
      end(bad ? 'task-1' : 'task-2'),
      act('X1', 'runner', deploy, on),
    ],
  ),
]
