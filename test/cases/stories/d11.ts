import { act, type Flagged, flow, hand, pair, perm, root, yes } from '../story.ts'

const salaries = perm('read_salaries')
const publish = perm('publish')
const flowed: Flagged = { at: ['X2'], kinds: ['D11'] }
const world = { conflicts: [['read_salaries', 'publish']] }
const byBob = { issuer: 'bob' }

/** Ann lends the salaries, Bob the publishing, both to Clerk. */
const fromAnn = root('L1', 'clerk', [salaries])
const reads = act('X1', 'clerk', salaries, { chain: 'L1' })
const publishes = act('X2', 'clerk', publish, { chain: 'L2' })
const passes = flow('X1', 'X2')

export const d11 = [
  pair(
    'D11',
    'one-principal',
    'one principal granted both',
    flowed,
    (bad) => [fromAnn, root('L2', 'clerk', [publish], bad ? byBob : {}), reads, passes, publishes],
    world,
  ),
  pair(
    'D11',
    'no-flow',
    'exposure: both used, and no data went over',
    flowed,
    (bad) => [fromAnn, root('L2', 'clerk', [publish], bad ? byBob : {}), reads, publishes],
    world,
  ),
  pair(
    'D11',
    'approved',
    'the principal of the one approves the other',
    flowed,
    (bad) => [
      root('L1', 'clerk', [salaries]),
      root('L2', 'scribe', [publish], byBob),
      reads,
      passes,
      yes('A', 'scribe', publish, { approver: bad ? 'bob' : 'ann' }),
      act('X2', 'scribe', publish, { chain: 'L2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'one-owner',
    'one owner’s agents in one task',
    flowed,
    () => [
      fromAnn,
      root('L2', 'scribe', [publish], byBob),
      reads,
      passes,
      act('X2', 'scribe', publish, { chain: 'L2' }),
    ],
    (bad) => ({ ...world, owners: { scribe: bad ? 'ann' : 'bob' } }),
  ),
  pair(
    'D11',
    'two-tasks',
    'disjoint tasks with no flow between them',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], { ...byBob, task: 'task-2' }),
      reads,
      ...(bad ? [passes] : []),
      act('X2', 'clerk', publish, { chain: 'L2', task: 'task-2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'other-set',
    'both in one conflict set',
    flowed,
    () => [fromAnn, root('L2', 'clerk', [publish], byBob), reads, passes, publishes],
    (bad) => ({
      conflicts: bad
        ? [['read_salaries', 'publish']]
        : [
            ['read_salaries', 'approve'],
            ['publish', 'create'],
          ],
    }),
  ),
  pair(
    'D11',
    'any-two',
    'any two of a larger set',
    flowed,
    () => [fromAnn, root('L2', 'clerk', [publish], byBob), reads, passes, publishes],
    (bad) => ({ conflicts: [['read_salaries', 'read_web', ...(bad ? ['publish'] : [])]] }),
  ),
  pair(
    'D11',
    'held',
    'exposure: held and not used',
    { at: ['L2'], kinds: ['D11'], culprit: 'L2' },
    (bad) => [fromAnn, root('L2', 'clerk', [publish], bad ? byBob : {})],
    world,
  ),
  pair(
    'D11',
    'held-for-two-tasks',
    'held in disjoint tasks',
    { at: ['L2'], kinds: ['D11'], culprit: 'L2' },
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], { ...byBob, task: bad ? 'task-1' : 'task-2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'standing-half',
    'one half by a standing permission of the owner',
    flowed,
    (bad) => [
      root('L2', 'clerk', [publish], bad ? byBob : {}),
      act('X1', 'clerk', salaries),
      passes,
      publishes,
    ],
    { ...world, standing: { clerk: [salaries] } },
  ),
  pair(
    'D11',
    'handed-down',
    'roots far above, four hops',
    flowed,
    (bad) => [
      root('P0', 'hr', [salaries]),
      hand('P1', 'hr', 'pool', [salaries], 'P0'),
      hand('L1', 'pool', 'clerk', [salaries], 'P1'),
      root('Q0', 'press', [publish], bad ? byBob : {}),
      hand('Q1', 'press', 'desk', [publish], 'Q0'),
      hand('Q2', 'desk', 'writer', [publish], 'Q1'),
      hand('L2', 'writer', 'clerk', [publish], 'Q2'),
      reads,
      passes,
      publishes,
    ],
    world,
  ),
  pair(
    'D11',
    'by-memory',
    'data went over by way of a store',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'scribe', [publish], bad ? byBob : {}),
      reads,
      flow('X1', 'store'),
      flow('store', 'X2'),
      act('X2', 'scribe', publish, { chain: 'L2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'second-grant',
    'one principal granted both, though another link was cited',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], byBob),
      root('L3', 'clerk', [bad ? perm('draft') : publish]),
      reads,
      passes,
      publishes,
    ],
    world,
  ),
  pair(
    'D11',
    'group-over-tasks',
    'a group is one owner’s agents in one task',
    flowed,
    (bad) => {
      const task = bad ? 'task-1' : 'task-2'
      return [
        fromAnn,
        root('L2', 'scribe', [publish], { ...byBob, task }),
        reads,
        passes,
        act('X2', 'scribe', publish, { chain: 'L2', task }),
      ]
    },
    world,
  ),
  pair(
    'D11',
    'unsigned',
    'with unsigned links, of lower grade',
    flowed,
    (bad) => [
      { ...fromAnn, sig: 'missing' },
      root('L2', 'clerk', [publish], { ...(bad ? byBob : {}), sig: 'missing' }),
      reads,
      passes,
      publishes,
    ],
    world,
  ),
  pair(
    'D11',
    'by-yes-alone',
    'givers are those whose yes the calls rest on, too',
    flowed,
    (bad) => [
      yes('A1', 'clerk', salaries),
      yes('A2', 'clerk', publish, bad ? { approver: 'bob' } : {}),
      act('X1', 'clerk', salaries, { approval: 'A1' }),
      passes,
      act('X2', 'clerk', publish, { approval: 'A2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'third-principal',
    'one principal granted both, neither of the two and used for neither',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], byBob),
      root('L3', 'clerk', bad ? [perm('browse')] : [salaries, publish], { issuer: 'firm' }),
      reads,
      passes,
      publishes,
    ],
    world,
  ),
  pair(
    'D11',
    'third-principal-over',
    'the grant of both is in force when they are used',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], byBob),
      root('L3', 'clerk', [salaries, publish], { issuer: 'firm', exp: bad ? 50 : 900 }),
      act('X1', 'clerk', salaries, { chain: 'L1', t: 60 }),
      passes,
      act('X2', 'clerk', publish, { chain: 'L2', t: 70 }),
    ],
    world,
  ),
  pair(
    'D11',
    'third-principal-group',
    'one principal granted each its half, over one owner’s agents',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'scribe', [publish], byBob),
      root('L3', 'clerk', [salaries], { issuer: 'firm' }),
      root('L4', 'scribe', [publish], { issuer: bad ? 'bob' : 'firm' }),
      reads,
      passes,
      act('X2', 'scribe', publish, { chain: 'L2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'granted-both-over-tasks',
    'one principal granted both, each in its own task',
    flowed,
    (bad) => [
      fromAnn,
      root('L3', 'clerk', [bad ? perm('browse') : salaries], byBob),
      root('L2', 'clerk', [publish], { ...byBob, task: 'task-2' }),
      act('X1', 'clerk', salaries, { chain: 'L1' }),
      passes,
      act('X2', 'clerk', publish, { chain: 'L2', task: 'task-2' }),
    ],
    world,
  ),
  pair(
    'D11',
    'third-principal-approves',
    'one principal approved both',
    flowed,
    (bad) => [
      fromAnn,
      root('L2', 'clerk', [publish], byBob),
      yes('A1', 'clerk', salaries, { approver: 'firm' }),
      yes('A2', 'clerk', publish, { approver: bad ? 'bob' : 'firm' }),
      act('X1', 'clerk', salaries, { chain: 'L1', approval: 'A1' }),
      passes,
      act('X2', 'clerk', publish, { chain: 'L2', approval: 'A2' }),
    ],
    world,
  ),
]
