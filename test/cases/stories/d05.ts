import {
  act,
  any,
  contains,
  type Flagged,
  hand,
  oneOf,
  pair,
  perm,
  range,
  root,
  yes,
} from '../story.ts'

const toAlice = perm('pay', { to: 'alice', amount: 50 })
const flagged: Flagged = { at: ['X1'], kinds: ['D5'], culprit: 'A' }
const second: Flagged = { ...flagged, at: ['X2'] }

/** Payer may pay anybody, so its right is never in question: only the yes is. */
const payer = root('L0', 'payer', [perm('pay')])
const on = { chain: 'L0', approval: 'A' }
const paid = (id: string, more = {}) => act(id, 'payer', toAlice, { ...on, ...more })

export const d05 = [
  pair('D5', 'other-arguments', 'the yes covers the arguments', flagged, (bad) => [
    payer,
    yes('A', 'payer', toAlice),
    act('X1', 'payer', perm('pay', { to: bad ? 'mallory' : 'alice', amount: 50 }), on),
  ]),
  pair('D5', 'used-up', 'uses are exceeded', second, (bad) => [
    payer,
    yes('A', 'payer', toAlice, { uses: bad ? 1 : 2 }),
    paid('X1'),
    paid('X2'),
  ]),
  pair('D5', 'failed-first', 'a failed call uses nothing up', second, (bad) => [
    payer,
    yes('A', 'payer', toAlice),
    paid('X1', { status: bad ? 'ok' : 'failed' }),
    paid('X2'),
  ]),
  pair('D5', 'refused-first', 'a refused call uses nothing up', second, (bad) => [
    payer,
    yes('A', 'payer', toAlice),
    paid('X1', { status: bad ? 'ok' : 'denied' }),
    paid('X2'),
  ]),
  pair('D5', 'other-session', 'consumed in another session', flagged, (bad) => [
    payer,
    yes('A', 'payer', toAlice),
    paid('X1', { session: bad ? 'session-2' : 'session-1' }),
  ]),
  pair('D5', 'other-task', 'consumed in another task', flagged, (bad) => [
    payer,
    root('R2', 'payer', [perm('pay')], { task: 'task-2' }),
    yes('A', 'payer', toAlice, { task: bad ? 'task-1' : 'task-2' }),
    paid('X1', { chain: 'R2', task: 'task-2' }),
  ]),
  pair('D5', 'delegate-not-named', 'an agent it does not name is one too many', flagged, (bad) => [
    payer,
    hand('L1', 'payer', 'clerk', [perm('pay')], 'L0'),
    yes('A', 'payer', toAlice, { delegates: !bad }),
    act('X1', 'clerk', toAlice, { chain: 'L1', approval: 'A' }),
  ]),
  pair('D5', 'not-its-delegate', 'a delegate holds a link from the subject', flagged, (bad) => [
    payer,
    root('R2', 'boss', [perm('pay')]),
    hand('L1', bad ? 'boss' : 'payer', 'clerk', [perm('pay')], bad ? 'R2' : 'L0'),
    yes('A', 'payer', toAlice, { delegates: true }),
    act('X1', 'clerk', toAlice, { chain: 'L1', approval: 'A' }),
  ]),
  pair('D5', 'batch-bound', 'X5: a yes to many, each inside its bounds', flagged, (bad) => [
    payer,
    yes('A', 'payer', perm('pay', { to: oneOf('alice', 'carol'), amount: range({ max: 100 }) }), {
      uses: 20,
    }),
    act('X1', 'payer', perm('pay', { to: 'carol', amount: bad ? 101 : 100 }), on),
    act('X2', 'payer', perm('pay', { to: 'alice', amount: 1 }), on),
  ]),
  pair('D5', 'batch-set', 'a payee outside the set', second, (bad) => [
    payer,
    yes('A', 'payer', perm('pay', { to: oneOf('alice', 'carol') }), { uses: 20 }),
    act('X1', 'payer', perm('pay', { to: 'alice', amount: 1 }), on),
    act('X2', 'payer', perm('pay', { to: bad ? 'mallory' : 'carol', amount: 1 }), on),
  ]),
  pair('D5', 'other-operation', 'the yes is to this operation', flagged, (bad) => [
    payer,
    yes('A', 'payer', perm(bad ? 'schedule' : 'pay', { to: 'alice' })),
    paid('X1'),
  ]),
  pair('D5', 'argument-left-out', 'an argument that the yes names is there', flagged, (bad) => [
    payer,
    yes('A', 'payer', perm('pay', { to: 'alice' })),
    act('X1', 'payer', perm('pay', bad ? { amount: 50 } : { to: 'alice', amount: 50 }), on),
  ]),
  pair('D5', 'four-hops', 'its delegates at any distance', flagged, (bad) => [
    payer,
    hand('L1', 'payer', 'office', [perm('pay')], 'L0'),
    hand('L2', 'office', 'desk', [perm('pay')], 'L1'),
    hand('L3', 'desk', 'clerk', [perm('pay')], 'L2'),
    yes('A', 'payer', toAlice, { delegates: !bad }),
    act('X1', 'clerk', toAlice, { chain: 'L3', approval: 'A' }),
  ]),
  pair('D5', 'notation', 'covered in another notation', flagged, (bad) => [
    payer,
    yes('A', 'payer', perm('pay', { amount: any(range({ max: 10 }), bad ? 51 : 50) })),
    paid('X1'),
  ]),
  pair('D5', 'list', 'a list that holds what the yes requires', flagged, (bad) => [
    root('L0', 'payer', [perm('invite')]),
    yes('A', 'payer', perm('invite', { guests: contains('carol') })),
    act('X1', 'payer', perm('invite', { guests: bad ? ['dave'] : ['dave', 'carol'] }), on),
  ]),
  pair(
    'D5',
    'standing-does-not-help',
    'it asks for no missing right: the yes is misused all the same',
    flagged,
    (bad) => [
      yes('A', bad ? 'clerk' : 'payer', toAlice),
      act('X1', 'payer', toAlice, { approval: 'A' }),
    ],
    { standing: { payer: [perm('pay')] } },
  ),
  pair(
    'D5',
    'two-named',
    'two agents share the uses of one yes',
    { ...flagged, at: ['X3'] },
    (bad) => [
      payer,
      hand('L1', 'payer', 'clerk', [perm('pay')], 'L0'),
      yes('A', 'payer', toAlice, { delegates: true, uses: bad ? 2 : 3 }),
      paid('X1'),
      act('X2', 'clerk', toAlice, { chain: 'L1', approval: 'A' }),
      paid('X3'),
    ],
  ),
  pair('D5', 'unsigned', 'a delegate by an unsigned link is one', flagged, (bad) => [
    { ...payer, sig: 'missing' },
    hand('L1', 'payer', 'clerk', [perm('pay')], 'L0', { sig: 'missing' }),
    yes('A', 'payer', toAlice, { delegates: !bad }),
    act('X1', 'clerk', toAlice, { chain: 'L1', approval: 'A' }),
  ]),
]
