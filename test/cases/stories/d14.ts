import { act, type Flagged, flow, hand, offer, pair, perm, range, root, yes } from '../story.ts'

const research = perm('research')
const buy = perm('buy', { stock: 'ACME', amount: 80 })
const flagged: Flagged = { at: ['X2'], kinds: ['D14', 'D3'] }
const trader = { standing: { finance: [perm('buy')] } }

/** Finance, which may buy by itself, sends News to research; what News returns makes it buy. */
const finance = root('L0', 'finance', [research])
const news = hand('L1', 'finance', 'news', [research], 'L0')
const found = act('X1', 'news', research, { chain: 'L1' })
const returned = flow('X1', 'X2')
const buys = act('X2', 'finance', buy)
const start = [finance, news, found]

export const d14 = [
  pair(
    'D14',
    'asked-again',
    'X3: the parent asked again after the return',
    flagged,
    (bad) => [start, returned, ...(bad ? [] : [yes('A', 'finance', buy)]), buys].flat(),
    trader,
  ),
  pair(
    'D14',
    'asked-before',
    'X3: the yes comes after the return',
    flagged,
    (bad) => {
      const approved = yes('A', 'finance', buy)
      return [start, bad ? [approved, returned] : [returned, approved], buys].flat()
    },
    trader,
  ),
  pair(
    'D14',
    'planned',
    'the cited path covers the call: that is the plan',
    { ...flagged, kinds: ['D14'] },
    (bad) => [
      root('L0', 'finance', [research, perm('buy', { amount: range({ max: bad ? 79 : 100 }) })]),
      news,
      found,
      returned,
      act('X2', 'finance', buy, { chain: 'L0' }),
    ],
  ),
  pair(
    'D14',
    'sibling',
    'what one child returned drives another',
    flagged,
    (bad) => [
      root('L0', 'desk', [research]),
      hand('L1', 'desk', 'news', [research], 'L0'),
      hand('L2', 'desk', 'finance', [research], 'L0'),
      found,
      returned,
      ...(bad ? [] : [yes('A', 'finance', buy)]),
      buys,
    ],
    trader,
  ),
  pair(
    'D14',
    'exported',
    'X2: the operation is exported to the child',
    flagged,
    (bad) => [start, offer('finance', bad ? 'desk' : 'news', buy), returned, buys].flat(),
    trader,
  ),
  pair(
    'D14',
    'child-may',
    'N: the child has the right',
    flagged,
    () => [start, returned, buys].flat(),
    (bad) => ({
      standing: { finance: [perm('buy')], news: [perm('buy', { stock: bad ? 'OTHER' : 'ACME' })] },
    }),
  ),
  pair(
    'D14',
    'returned-later',
    'the return comes before the call',
    flagged,
    (bad) => [start, bad ? [returned, buys] : [buys, returned]].flat(2),
    trader,
  ),
  pair(
    'D14',
    'grandchild',
    'passed up hop by hop',
    flagged,
    (bad) => [
      finance,
      news,
      hand('L2', 'news', 'wire', [research], 'L1'),
      act('X1', 'wire', research, { chain: 'L2' }),
      flow('X1', 'news'),
      flow('news', 'X2'),
      ...(bad ? [] : [yes('A', 'finance', buy)]),
      buys,
    ],
    trader,
  ),
  pair(
    'D14',
    'called',
    'a child by call, without a link',
    flagged,
    (bad) => [
      act('X1', 'news', research, { caller: 'finance' }),
      returned,
      ...(bad ? [] : [yes('A', 'finance', buy)]),
      buys,
    ],
    { standing: { finance: [perm('buy'), research], news: [research] } },
  ),
  pair(
    'D14',
    'four-agents',
    'a child four hops down the same chain',
    { ...flagged, kinds: ['D14'] },
    (bad) => [
      root('L0', 'desk', [research, ...(bad ? [] : [perm('buy')])]),
      hand('L1', 'desk', 'lead', [research, ...(bad ? [] : [perm('buy')])], 'L0'),
      hand('L2', 'lead', 'finance', [research, ...(bad ? [] : [perm('buy')])], 'L1'),
      hand('L3', 'finance', 'news', [research], 'L2'),
      act('X1', 'news', research, { chain: 'L3' }),
      returned,
      act('X2', 'finance', buy, { chain: 'L2' }),
    ],
  ),
  pair(
    'D14',
    'yes-to-other-call',
    'X3: the yes is to this very call',
    flagged,
    (bad) =>
      [
        start,
        returned,
        yes('A', 'finance', perm('buy', { stock: bad ? 'OTHER' : 'ACME' })),
        buys,
      ].flat(),
    trader,
  ),
  pair(
    'D14',
    'blocked',
    'X7: a refused call is an attempt',
    flagged,
    (bad) => [start, returned, act('X2', 'finance', buy, { status: bad ? 'ok' : 'denied' })].flat(),
    trader,
  ),
  pair(
    'D14',
    'public',
    'X4: anybody may',
    flagged,
    () => [start, returned, buys].flat(),
    (bad) => ({
      ...trader,
      public: bad ? [] : ['buy'],
    }),
  ),
  pair(
    'D14',
    'unsigned',
    'with unsigned links, of lower grade',
    flagged,
    (bad) => [
      { ...finance, sig: 'missing' },
      { ...news, sig: 'missing' },
      found,
      returned,
      ...(bad ? [] : [yes('A', 'finance', buy)]),
      buys,
    ],
    trader,
  ),
]
