import {
  act,
  all,
  any,
  type Flagged,
  hand,
  noneOf,
  offer,
  oneOf,
  pair,
  perm,
  range,
  root,
  subset,
} from '../story.ts'

const read = perm('read')
const send = perm('send')
const pay = (where = {}) => perm('pay', where)
const atLink: Flagged = { at: ['L1'], kinds: ['D2'], culprit: 'L1' }
const atCall: Flagged = { ...atLink, at: ['X1'] }

export const d02 = [
  pair('D2', 'operation', 'an operation that the parent has not', atCall, (bad) => [
    root('L0', 'lead', bad ? [read] : [read, send]),
    hand('L1', 'lead', 'worker', [read, send], 'L0'),
    act('X1', 'worker', send, { chain: 'L1' }),
  ]),
  pair('D2', 'never-used', 'widened and not made use of: told at the link', atLink, (bad) => [
    root('L0', 'lead', [read]),
    hand('L1', 'lead', 'worker', bad ? [read, send] : [read], 'L0'),
    act('X1', 'worker', read, { chain: 'L1' }),
  ]),
  pair('D2', 'bound', 'a bound raised', atLink, (bad) => [
    root('L0', 'lead', [pay({ amount: range({ max: 100 }) })]),
    hand('L1', 'lead', 'worker', [pay({ amount: range({ max: bad ? 101 : 100 }) })], 'L0'),
    act('X1', 'worker', pay({ amount: 80 }), { chain: 'L1' }),
  ]),
  pair('D2', 'notation', 'narrower in another notation is narrower', atLink, (bad) => [
    root('L0', 'lead', [pay({ amount: range({ min: 0, max: 500 }) })]),
    hand('L1', 'lead', 'worker', [pay({ amount: oneOf(10, bad ? 900 : 20) })], 'L0'),
    act('X1', 'worker', pay({ amount: 10 }), { chain: 'L1' }),
  ]),
  pair('D2', 'outlives', 'it outlives its parent', atLink, (bad) => [
    root('L0', 'lead', [read], { exp: 100 }),
    hand('L1', 'lead', 'worker', [read], 'L0', { exp: bad ? 101 : 100 }),
    act('X1', 'worker', read, { chain: 'L1', t: 50 }),
  ]),
  pair('D2', 'forbidden', 're-delegation was forbidden', atCall, (bad) => [
    root('L0', 'lead', [read], { redelegable: !bad }),
    hand('L1', 'lead', 'worker', [read], 'L0'),
    act('X1', 'worker', read, { chain: 'L1' }),
  ]),
  pair('D2', 'depth-used-up', 'no depth is left', { ...atCall, culprit: 'L2' }, (bad) => [
    root('L0', 'lead', [read], { depth_left: bad ? 1 : 2 }),
    hand('L1', 'lead', 'worker', [read], 'L0'),
    hand('L2', 'worker', 'helper', [read], 'L1'),
    act('X1', 'helper', read, { chain: 'L2' }),
  ]),
  pair(
    'D2',
    'too-deep',
    'deeper than the limit, counted from 0 at the root',
    { ...atCall, culprit: 'L2' },
    () => [
      root('L0', 'lead', [read]),
      hand('L1', 'lead', 'worker', [read], 'L0'),
      hand('L2', 'worker', 'helper', [read], 'L1'),
      act('X1', 'helper', read, { chain: 'L2' }),
    ],
    (bad) => ({ maxDepth: bad ? 1 : 2 }),
  ),
  pair('D2', 'depth-raised', 'depth does not decrease', atCall, (bad) => [
    root('L0', 'lead', [read], { depth_left: 3 }),
    hand('L1', 'lead', 'worker', [read], 'L0', { depth_left: bad ? 3 : 2 }),
    act('X1', 'worker', read, { chain: 'L1' }),
  ]),
  pair(
    'D2',
    'renewal',
    'a renewal is wider than what it replaces',
    { ...atLink, at: ['L2'], culprit: 'L2' },
    (bad) => [
      root('L0', 'lead', [read, send]),
      hand('L1', 'lead', 'worker', [read], 'L0', { exp: 60 }),
      hand('L2', 'lead', 'worker', bad ? [read, send] : [read], 'L0', { replaces: 'L1', t: 50 }),
      act('X1', 'worker', read, { chain: 'L2', t: 70 }),
    ],
  ),
  pair(
    'D2',
    'second-root',
    'X1: wider because of a second root link, which is cited',
    { ...atCall, culprit: 'L2' },
    (bad) => [
      root('L0', 'lead', [read]),
      root('R2', 'lead', [send]),
      hand('L2', 'lead', 'worker', [send], bad ? 'L0' : 'R2'),
      act('X1', 'worker', send, { chain: 'L2' }),
    ],
  ),
  pair('D2', 'argument-dropped', 'an absent constraint admits anything', atLink, (bad) => [
    root('L0', 'lead', [perm('send', { to: 'a@example.org' })]),
    hand('L1', 'lead', 'worker', [perm('send', bad ? {} : { to: 'a@example.org' })], 'L0'),
    act('X1', 'worker', perm('send', { to: 'a@example.org' }), { chain: 'L1' }),
  ]),
  pair('D2', 'lists', 'a list beyond the allowed set', atLink, (bad) => [
    root('L0', 'lead', [perm('tag', { tags: subset('red', 'blue') })]),
    hand('L1', 'lead', 'worker', [perm('tag', { tags: bad ? ['red', 'green'] : ['red'] })], 'L0'),
  ]),
  pair(
    'D2',
    'export-widens-nothing',
    'an export never widens a link (X2 ends where D2 begins)',
    atCall,
    (bad) => [
      root('L0', 'desk', [read]),
      offer('lock', 'desk', perm('unlock')),
      hand('L1', 'desk', 'lock', bad ? [perm('unlock')] : [], 'L0'),
      act('X1', 'lock', perm('unlock'), { chain: 'L1' }),
    ],
    { standing: { lock: [perm('unlock')] } },
  ),
  pair('D2', 'parts', 'inside one single object of the parent, not inside two', atLink, (bad) => [
    root('L0', 'lead', [
      pay({ to: 'A', amount: range({ max: 10 }) }),
      pay({ to: 'B', amount: range({ max: 20 }) }),
    ]),
    hand('L1', 'lead', 'worker', [pay({ to: bad ? 'A' : 'B', amount: range({ max: 20 }) })], 'L0'),
    act('X1', 'worker', pay({ to: bad ? 'A' : 'B', amount: 5 }), { chain: 'L1' }),
  ]),
  pair(
    'D2',
    'six-hops',
    'the first hop that does not cover is the one',
    { ...atCall, culprit: 'L4' },
    (bad) => {
      const early = bad ? [read] : [read, send]
      return [
        root('L0', 'one', early),
        hand('L1', 'one', 'two', early, 'L0'),
        hand('L2', 'two', 'three', early, 'L1'),
        hand('L3', 'three', 'four', early, 'L2'),
        hand('L4', 'four', 'five', [read, send], 'L3'),
        hand('L5', 'five', 'six', [send], 'L4'),
        act('X1', 'six', send, { chain: 'L5' }),
      ]
    },
  ),
  pair('D2', 'unsigned', 'an unsigned link is wider all the same', atCall, (bad) => [
    root('L0', 'lead', bad ? [read] : [read, send], { sig: 'missing' }),
    hand('L1', 'lead', 'worker', [send], 'L0', { sig: 'missing' }),
    act('X1', 'worker', send, { chain: 'L1' }),
  ]),
  pair('D2', 'alternatives', 'an alternative added to any', atLink, (bad) => [
    root('L0', 'lead', [pay({ amount: any(range({ max: 5 }), 50) })]),
    hand('L1', 'lead', 'worker', [pay({ amount: any(3, bad ? 51 : 50) })], 'L0'),
    act('X1', 'worker', pay({ amount: 3 }), { chain: 'L1' }),
  ]),
  pair(
    'D2',
    'public',
    'what everybody may do widens nothing',
    atLink,
    () => [root('L0', 'lead', [read]), hand('L1', 'lead', 'worker', [read, send], 'L0')],
    (bad) => ({ public: bad ? [] : ['send'] }),
  ),
  pair('D2', 'exclusions', 'what is excluded stays excluded', atCall, (bad) => [
    root('L0', 'lead', [pay({ to: noneOf('mallory') })]),
    hand(
      'L1',
      'lead',
      'worker',
      [pay({ to: bad ? noneOf('eve') : noneOf('eve', 'mallory') })],
      'L0',
    ),
    act('X1', 'worker', pay({ to: bad ? 'mallory' : 'carol' }), { chain: 'L1' }),
  ]),
  pair('D2', 'all-of', 'each of several bounds is kept', atCall, (bad) => [
    root('L0', 'lead', [pay({ amount: all(range({ min: 0 }), range({ max: 100 })) })]),
    hand(
      'L1',
      'lead',
      'worker',
      [pay({ amount: all(range({ min: 5 }), range({ max: bad ? 101 : 100 })) })],
      'L0',
    ),
    act('X1', 'worker', pay({ amount: bad ? 101 : 50 }), { chain: 'L1' }),
  ]),
]
