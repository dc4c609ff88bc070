import { act, type Flagged, hand, pair, perm, root, yes } from '../story.ts'

const report = perm('report')
const flagged: Flagged = { at: ['X1'], kinds: ['D12'] }
const unrooted: Flagged = { ...flagged, culprit: 'L0' }
const reports = (more = {}) => act('X1', 'reporter', report, { chain: 'L0', ...more })

export const d12 = [
  pair('D12', 'agent-root', 'the root’s issuer is an accountable principal', unrooted, (bad) => [
    root('L0', 'reporter', [report], { issuer: bad ? 'scheduler' : 'ann' }),
    reports(),
  ]),
  pair('D12', 'service-root', 'a service is accountable, an agent is not', unrooted, (bad) => [
    root('L0', 'reporter', [report], { issuer: bad ? 'cron' : 'timer' }),
    reports(),
  ]),
  pair('D12', 'organisation-root', 'an organisation is accountable', unrooted, (bad) => [
    root('L0', 'reporter', [report], { issuer: bad ? 'pool' : 'firm' }),
    reports(),
  ]),
  pair(
    'D12',
    'no-owner',
    'somebody answers for the agent',
    flagged,
    () => [root('L0', 'reporter', [report]), reports()],
    (bad) => ({ owners: { reporter: bad ? null : 'ann' } }),
  ),
  pair(
    'D12',
    'owner-left',
    'its owner is a registered principal',
    flagged,
    () => [root('L0', 'reporter', [report]), reports()],
    (bad) => ({ owners: { reporter: bad ? 'carol' : 'bob' } }),
  ),
  pair(
    'D12',
    'no-chain',
    'an action without a chain has a standing permission',
    flagged,
    () => [reports({ chain: null })],
    (bad) => ({ standing: { reporter: [bad ? perm('read') : report] } }),
  ),
  pair('D12', 'no-chain-approved', 'or a yes to this call', flagged, (bad) => [
    yes('A', 'reporter', bad ? perm('read') : report),
    reports({ chain: null }),
  ]),
  pair(
    'D12',
    'unused',
    'told at the link where nobody used it',
    { ...unrooted, at: ['L0'] },
    (bad) => [root('L0', 'reporter', [report], { issuer: bad ? 'scheduler' : 'ann' })],
  ),
  pair('D12', 'five-hops', 'a root far above', unrooted, (bad) => [
    root('L0', 'a', [report], { issuer: bad ? 'scheduler' : 'timer' }),
    hand('L1', 'a', 'b', [report], 'L0'),
    hand('L2', 'b', 'c', [report], 'L1'),
    hand('L3', 'c', 'd', [report], 'L2'),
    hand('L4', 'd', 'reporter', [report], 'L3'),
    reports({ chain: 'L4' }),
  ]),
  pair(
    'D12',
    'standing-handed-on',
    'a standing permission signed on without a root',
    unrooted,
    (bad) => [
      root('L0', 'reporter', [report], { issuer: bad ? 'printer' : 'ann' }),
      reports({ caller: null }),
    ],
    { standing: { printer: [report] } },
  ),
  pair('D12', 'blocked', 'X7: a refused call is an attempt', unrooted, (bad) => [
    root('L0', 'reporter', [report], { issuer: 'scheduler' }),
    reports({ status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D12',
    'public',
    'X4: anybody may',
    flagged,
    () => [reports({ chain: null })],
    (bad) => ({
      public: bad ? [] : ['report'],
    }),
  ),
  pair('D12', 'unsigned', 'an unsigned root is rooted if a principal is named', unrooted, (bad) => [
    root('L0', 'reporter', [report], { issuer: bad ? 'scheduler' : 'ann', sig: 'missing' }),
    reports(),
  ]),
]
