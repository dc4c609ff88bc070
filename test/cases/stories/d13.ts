import { act, type Flagged, hand, pair, perm, root } from '../story.ts'

const query = perm('query')
const flagged: Flagged = { at: ['X1'], kinds: ['D13'], culprit: 'L1' }
const taxonomy = { purposes: { dunning: 'invoices', reminders: 'dunning', ads: 'marketing' } }

const lead = root('L0', 'lead', [query], { purpose: 'invoices' })
const worker = (more = {}) => hand('L1', 'lead', 'worker', [query], 'L0', more)
const queries = (more = {}) => act('X1', 'worker', query, { chain: 'L1', ...more })

export const d13 = [
  pair(
    'D13',
    'call-drifts',
    'the purpose of an action is its chain’s',
    flagged,
    (bad) => [lead, worker(), queries({ purpose: bad ? 'marketing' : 'invoices' })],
    taxonomy,
  ),
  pair(
    'D13',
    'link-drifts',
    'the purpose of a link is its chain’s',
    flagged,
    (bad) => [lead, worker({ purpose: bad ? 'marketing' : 'invoices' }), queries()],
    taxonomy,
  ),
  pair(
    'D13',
    'sub-purpose',
    'a sub-purpose in the taxonomy',
    flagged,
    (bad) => [lead, worker(), queries({ purpose: bad ? 'ads' : 'dunning' })],
    taxonomy,
  ),
  pair(
    'D13',
    'two-below',
    'a sub-purpose of a sub-purpose',
    flagged,
    (bad) => [lead, worker({ purpose: bad ? 'ads' : 'reminders' }), queries()],
    taxonomy,
  ),
  pair(
    'D13',
    'broader',
    'a broader purpose is no sub-purpose',
    flagged,
    (bad) => [
      { ...lead, purpose: 'dunning' },
      worker(),
      queries({ purpose: bad ? 'invoices' : 'dunning' }),
    ],
    taxonomy,
  ),
  pair(
    'D13',
    'sibling',
    'a sibling is no sub-purpose',
    flagged,
    (bad) => [
      { ...lead, purpose: 'dunning' },
      worker(),
      queries({ purpose: bad ? 'audit' : 'reminders' }),
    ],
    { purposes: { ...taxonomy.purposes, audit: 'invoices' } },
  ),
  pair(
    'D13',
    'no-taxonomy',
    'without a taxonomy only equal purposes agree',
    flagged,
    () => [lead, worker(), queries({ purpose: 'dunning' })],
    (bad) => (bad ? {} : taxonomy),
  ),
  pair(
    'D13',
    'none-declared',
    'a chain without a purpose has nothing to drift from',
    flagged,
    (bad) => [
      root('L0', 'lead', [query], bad ? { purpose: 'invoices' } : {}),
      worker(),
      queries({ purpose: 'marketing' }),
    ],
    taxonomy,
  ),
  pair(
    'D13',
    'unused',
    'told at the link where nobody used it',
    { ...flagged, at: ['L1'] },
    (bad) => [lead, worker({ purpose: bad ? 'ads' : 'dunning' })],
    taxonomy,
  ),
  pair(
    'D13',
    'five-hops',
    'a drift in the middle',
    { ...flagged, culprit: 'L2' },
    (bad) => [
      lead,
      worker(),
      hand('L2', 'worker', 'c', [query], 'L1', { purpose: bad ? 'marketing' : 'dunning' }),
      hand('L3', 'c', 'd', [query], 'L2'),
      hand('L4', 'd', 'e', [query], 'L3'),
      act('X1', 'e', query, { chain: 'L4' }),
    ],
    taxonomy,
  ),
  pair(
    'D13',
    'amended',
    'a second root link for the new purpose, which is cited',
    { ...flagged, culprit: 'L1' },
    (bad) => [
      lead,
      worker(),
      root('R2', 'worker', [query], { purpose: 'marketing' }),
      queries({ purpose: 'marketing', chain: bad ? 'L1' : 'R2' }),
    ],
    taxonomy,
  ),
  pair(
    'D13',
    'blocked',
    'X7: a refused call is an attempt',
    flagged,
    (bad) => [lead, worker(), queries({ purpose: 'marketing', status: bad ? 'ok' : 'denied' })],
    taxonomy,
  ),
  pair(
    'D13',
    'public',
    'X4: anybody may',
    flagged,
    () => [lead, worker(), queries({ purpose: 'marketing' })],
    (bad) => ({ ...taxonomy, public: bad ? [] : ['query'] }),
  ),
  pair(
    'D13',
    'unsigned',
    'with unsigned links, of lower grade',
    flagged,
    (bad) => [
      { ...lead, sig: 'missing' },
      worker({ sig: 'missing' }),
      queries({ purpose: bad ? 'marketing' : 'reminders' }),
    ],
    taxonomy,
  ),
]
