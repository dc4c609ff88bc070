import {
  act,
  bare,
  deny,
  type Flagged,
  flow,
  hand,
  oneOf,
  pair,
  perm,
  root,
  yes,
} from '../story.ts'

const edit = perm('edit', { file: 'a' })
const flagged: Flagged = { at: ['X1'], kinds: ['D4'], culprit: 'N' }

/** Planner was refused an edit; Coder, who may edit, makes it in the same task. */
const planner = root('L0', 'planner', [perm('plan')])
const coder = root('R1', 'coder', [perm('edit')])
const refused = deny('N', 'planner', edit)
const edits = act('X1', 'coder', edit, { chain: 'R1' })

export const d04 = [
  pair('D4', 'merely-lacks', 'X6: it lacks the right and was refused nothing', flagged, (bad) => [
    planner,
    coder,
    ...(bad ? [refused] : []),
    edits,
  ]),
  pair('D4', 'approved-knowing', 'a yes that refers to the refusal', flagged, (bad) => [
    planner,
    coder,
    refused,
    yes('A', 'coder', edit, bad ? {} : { after_denial: 'N' }),
    edits,
  ]),
  pair('D4', 'unrelated-task', 'an unrelated user’s agent does the same', flagged, (bad) => [
    { ...planner, task: bad ? 'task-1' : 'task-2' },
    coder,
    deny('N', 'planner', edit, { task: bad ? 'task-1' : 'task-2' }),
    edits,
  ]),
  pair('D4', 'other-resource', 'the two requests overlap', flagged, (bad) => [
    planner,
    coder,
    deny('N', 'planner', perm('edit', { file: bad ? 'a' : 'b' })),
    edits,
  ]),
  pair('D4', 'overlap', 'a pattern that takes in the request', flagged, (bad) => [
    planner,
    coder,
    deny('N', 'planner', perm('edit', { file: bad ? oneOf('a', 'b') : oneOf('b', 'c') })),
    edits,
  ]),
  pair('D4', 'other-operation', 'the same class of operation', flagged, (bad) => [
    planner,
    coder,
    deny('N', 'planner', perm(bad ? 'edit' : 'delete', { file: 'a' })),
    edits,
  ]),
  pair('D4', 'itself-later', 'the one refused is another than the one who acts', flagged, (bad) => [
    planner,
    coder,
    deny('N', bad ? 'planner' : 'coder', edit),
    edits,
  ]),
  pair('D4', 'approved-before', 'the yes came after the refusal', flagged, (bad) => {
    const approved = yes('A', 'coder', edit, { after_denial: 'N' })
    return [planner, coder, ...(bad ? [approved, refused] : [refused, approved]), edits]
  }),
  pair('D4', 'other-refusal', 'the approver saw this refusal', flagged, (bad) => [
    planner,
    coder,
    deny('M', 'planner', perm('delete')),
    refused,
    yes('A', 'coder', edit, { after_denial: bad ? 'M' : 'N' }),
    edits,
  ]),
  pair('D4', 'by-influence', 'over two tasks only an influence joins them', flagged, (bad) => [
    { ...planner, task: 'task-2' },
    coder,
    deny('N', 'planner', edit, { task: 'task-2' }),
    flow('planner', bad ? 'X1' : 'notes', { task: 'task-2' }),
    edits,
  ]),
  pair(
    'D4',
    'refused-call',
    'a refused call is a refusal, a failed one is none',
    { ...flagged, culprit: 'X0' },
    (bad) => [
      planner,
      coder,
      bare('X0', 'planner', edit, { chain: 'L0', status: bad ? 'denied' : 'failed' }),
      edits,
    ],
  ),
  pair('D4', 'refused-later', 'the refusal comes before', flagged, (bad) => [
    planner,
    coder,
    ...(bad ? [refused, edits] : [edits, refused]),
  ]),
  pair(
    'D4',
    'down-the-chain',
    'a valid link from the one refused cures nothing',
    flagged,
    (bad) => [
      root('L0', 'planner', [edit]),
      deny('N', 'planner', bad ? edit : perm('delete')),
      hand('L1', 'planner', 'lead', [edit], 'L0'),
      hand('L2', 'lead', 'coder', [edit], 'L1'),
      act('X1', 'coder', edit, { chain: 'L2' }),
    ],
  ),
  pair('D4', 'yes-over', 'the yes is over when t has reached exp', flagged, (bad) => [
    planner,
    coder,
    refused,
    yes('A', 'coder', edit, { after_denial: 'N', exp: 30 }),
    act('X1', 'coder', edit, { chain: 'R1', t: bad ? 30 : 29 }),
  ]),
  pair('D4', 'agent-approves', 'no agent’s yes counts', flagged, (bad) => [
    planner,
    coder,
    refused,
    yes('A', 'coder', edit, { after_denial: 'N', approver: bad ? 'planner' : 'bob' }),
    edits,
  ]),
  pair('D4', 'for-the-caller', 'refused to the caller it was made for', flagged, (bad) => [
    planner,
    coder,
    deny('N', 'coder', edit, bad ? { for: 'planner' } : {}),
    edits,
  ]),
  pair('D4', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    planner,
    coder,
    refused,
    act('X1', 'coder', edit, { chain: 'R1', status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D4',
    'public',
    'X4: anybody may',
    flagged,
    () => [planner, coder, refused, edits],
    (bad) => ({
      public: bad ? [] : ['edit'],
    }),
  ),
]
