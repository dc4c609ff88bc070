import { act, type Flagged, flow, hand, offer, pair, perm, root, yes } from '../story.ts'

const wipe = perm('delete', { env: 'staging' })
const flagged: Flagged = { at: ['X1'], kinds: ['D7'] }
const [before, after] = [{ task: 'task-1' }, { task: 'task-2', session: 'session-2' }]

/** Intern writes into a memory in one task; Ops, who may delete, reads it in another and deletes. */
const ops = root('R1', 'ops', [perm('delete')], after)
const intern = root('L0', 'intern', [perm('note')], before)
const wrote = flow('intern', 'memory', before)
const drove = flow('memory', 'X1', after)
const deletes = act('X1', 'ops', wipe, { chain: 'R1', ...after })

export const d07 = [
  pair('D7', 'approved-afresh', 'X3: the call was approved afresh', flagged, (bad) => [
    ops,
    intern,
    wrote,
    drove,
    ...(bad ? [] : [yes('A', 'ops', wipe, after)]),
    deletes,
  ]),
  pair('D7', 'approved-before', 'X3: the yes comes after the influence', flagged, (bad) => {
    const approved = yes('A', 'ops', wipe, after)
    return [ops, intern, wrote, ...(bad ? [approved, drove] : [drove, approved]), deletes]
  }),
  pair('D7', 'approved-other-call', 'X3: the yes is to this very call', flagged, (bad) => [
    ops,
    intern,
    wrote,
    drove,
    yes('A', 'ops', perm('delete', { env: bad ? 'test' : 'staging' }), after),
    deletes,
  ]),
  pair(
    'D7',
    'governed-queue',
    'a queue that its owner declares open to the writer',
    flagged,
    (bad) => [
      ops,
      intern,
      offer('memory', bad ? 'desk' : 'intern', perm('write'), before),
      wrote,
      drove,
      deletes,
    ],
  ),
  pair('D7', 'read-before-write', 'the write comes before the read', flagged, (bad) => [
    ops,
    intern,
    ...(bad ? [wrote, drove] : [drove, wrote]),
    deletes,
  ]),
  pair(
    'D7',
    'same-task',
    'in one task the path that covers the call is the plan',
    flagged,
    (bad) => [ops, intern, flow('intern', 'memory', bad ? before : after), drove, deletes],
  ),
  pair('D7', 'writer-may', 'N: the writer has a grant for the task of the call', flagged, (bad) => [
    ops,
    intern,
    root('L2', 'intern', [perm('delete')], bad ? before : after),
    wrote,
    drove,
    deletes,
  ]),
  pair(
    'D7',
    'writer-standing',
    'N: the writer may by itself',
    flagged,
    () => [ops, intern, wrote, drove, deletes],
    (bad) => ({ standing: { intern: [perm('delete', { env: bad ? 'test' : 'staging' })] } }),
  ),
  pair('D7', 'exported', 'X2: the operation is exported to the writer', flagged, (bad) => [
    ops,
    intern,
    offer('ops', bad ? 'desk' : 'intern', wipe, before),
    wrote,
    drove,
    deletes,
  ]),
  pair(
    'D7',
    'two-stores',
    'by way of a second store, each flow after the one before',
    flagged,
    (bad) => {
      const copied = [flow('memory', 'scribe', before), flow('scribe', 'board', before)]
      const read = flow('board', 'X1', after)
      return [
        ops,
        intern,
        root('L2', 'scribe', [perm('delete')], after),
        wrote,
        ...(bad ? [...copied, read] : [read, ...copied]),
        deletes,
      ]
    },
  ),
  pair('D7', 'own-memory', 'what it wrote itself is nobody else’s', flagged, (bad) => [
    ops,
    flow(bad ? 'intern' : 'ops', 'memory', before),
    intern,
    drove,
    deletes,
  ]),
  pair(
    'D7',
    'other-principal',
    'over principals: a grant of the writer’s own principal for another task does not help',
    flagged,
    (bad) => [
      ops,
      root('L0', 'intern', [perm('delete')], { ...(bad ? before : after), issuer: 'bob' }),
      wrote,
      drove,
      deletes,
    ],
    { owners: { intern: 'bob' } },
  ),
  pair(
    'D7',
    'content',
    'content outside every grant, left in a store',
    flagged,
    (bad) => [ops, flow('page', 'memory', before), ...(bad ? [drove] : []), deletes],
    { standing: { page: [] }, external: ['page'] },
  ),
  pair('D7', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    ops,
    intern,
    wrote,
    drove,
    act('X1', 'ops', wipe, { chain: 'R1', ...after, status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D7',
    'public',
    'X4: anybody may',
    flagged,
    () => [ops, intern, wrote, drove, deletes],
    (bad) => ({
      public: bad ? [] : ['delete'],
    }),
  ),
  pair(
    'D7',
    'four-hops',
    'a path that covers the call is no plan of another task',
    flagged,
    (bad) => [
      ops,
      hand('R2', 'ops', 'lead', [perm('delete')], 'R1', after),
      hand('R3', 'lead', 'crew', [perm('delete')], 'R2', after),
      hand('R4', 'crew', 'hand', [perm('delete')], 'R3', after),
      intern,
      flow('intern', 'memory', bad ? before : after),
      drove,
      act('X1', 'hand', wipe, { chain: 'R4', ...after }),
    ],
  ),
  pair('D7', 'unsigned', 'with unsigned links, of lower grade', flagged, (bad) => [
    { ...ops, sig: 'missing' },
    { ...intern, sig: 'missing' },
    wrote,
    drove,
    ...(bad ? [] : [yes('A', 'ops', wipe, after)]),
    deletes,
  ]),
]
