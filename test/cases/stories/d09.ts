import { act, end, type Flagged, hand, pair, perm, revoke, root, secret, yes } from '../story.ts'

const buy = perm('buy', { item: 'chair' })
const flagged: Flagged = { at: ['X1'], kinds: ['D9'], culprit: 'L1' }
const atRoot: Flagged = { ...flagged, culprit: 'L0' }

const buyer = root('L0', 'buyer', [perm('buy')])
const agent = hand('L1', 'buyer', 'agent', [buy], 'L0')
const buys = (more = {}) => act('X1', 'agent', buy, { chain: 'L1', ...more })

export const d09 = [
  pair('D9', 'link-ended', 'over when t has reached exp', flagged, (bad) => [
    buyer,
    hand('L1', 'buyer', 'agent', [buy], 'L0', { exp: 60 }),
    buys({ t: bad ? 60 : 59 }),
  ]),
  pair('D9', 'root-ended', 'the shortest window of the path counts', atRoot, (bad) => [
    root('L0', 'buyer', [perm('buy')], { exp: 60 }),
    agent,
    buys({ t: bad ? 60 : 59 }),
  ]),
  pair('D9', 'withdrawn', 'a revocation after the action changes nothing', flagged, (bad) => {
    const withdrawn = revoke('link', 'L1')
    return [buyer, agent, ...(bad ? [withdrawn, buys()] : [buys(), withdrawn])]
  }),
  pair(
    'D9',
    'ancestor-withdrawn',
    'a revoked link takes its descendants with it',
    atRoot,
    (bad) => [
      buyer,
      root('R2', 'buyer', [perm('buy')]),
      agent,
      revoke('link', bad ? 'L0' : 'R2', { t: 5 }),
      buys({ t: 6 }),
    ],
  ),
  pair('D9', 'task-over', 'after the task was completed', atRoot, (bad) => [
    buyer,
    agent,
    end(bad ? 'task-1' : 'task-2', { t: 20 }),
    buys({ t: 21 }),
  ]),
  pair(
    'D9',
    'yes-ended',
    'an approval is over when t has reached exp',
    { ...flagged, culprit: 'A' },
    (bad) => [
      buyer,
      agent,
      yes('A', 'agent', buy, { exp: 30 }),
      buys({ approval: 'A', t: bad ? 30 : 29 }),
    ],
  ),
  pair('D9', 'yes-withdrawn', 'an approval withdrawn', { ...flagged, culprit: 'A' }, (bad) => {
    const withdrawn = revoke('approval', 'A')
    const done = buys({ approval: 'A' })
    return [buyer, agent, yes('A', 'agent', buy), ...(bad ? [withdrawn, done] : [done, withdrawn])]
  }),
  pair(
    'D9',
    'credential-ended',
    'a credential is over when t has reached exp',
    { ...flagged, culprit: 'key' },
    (bad) => [
      buyer,
      agent,
      secret('key', 'agent', { exp: 30 }),
      buys({ cred: 'key', t: bad ? 30 : 29 }),
    ],
  ),
  pair(
    'D9',
    'credential-withdrawn',
    'a credential withdrawn',
    { ...flagged, culprit: 'key' },
    (bad) => [
      buyer,
      agent,
      secret('key', 'agent'),
      secret('newer', 'agent'),
      revoke('credential', 'key'),
      buys({ cred: bad ? 'key' : 'newer' }),
    ],
  ),
  pair('D9', 'renewed', 'a renewal that is not wider, issued before', flagged, (bad) => [
    buyer,
    hand('L1', 'buyer', 'agent', [buy], 'L0', { exp: 60 }),
    hand('L2', 'buyer', 'agent', [buy], 'L0', { t: 50, replaces: 'L1' }),
    buys({ t: 70, chain: bad ? 'L1' : 'L2' }),
  ]),
  pair('D9', 'not-yet', 'a link made later than the action', flagged, (bad) => [
    buyer,
    ...(bad ? [buys({ t: 5 }), { ...agent, t: 8 }] : [{ ...agent, t: 5 }, buys({ t: 8 })]),
  ]),
  pair('D9', 'who-may-withdraw', 'an agent that gave nothing withdraws nothing', flagged, (bad) => [
    buyer,
    agent,
    root('R2', 'rival', [perm('sell')]),
    revoke('link', 'L1', { by: bad ? 'buyer' : 'rival' }),
    buys(),
  ]),
  pair(
    'D9',
    'standing-after-task',
    'a standing permission does not end with a task, a chain does',
    atRoot,
    (bad) => [buyer, agent, end('task-1'), buys({ chain: bad ? 'L1' : null, caller: null })],
    { standing: { agent: [buy] } },
  ),
  pair('D9', 'yes-after-task', 'a yes ends with its task', { ...flagged, culprit: 'A' }, (bad) => [
    buyer,
    yes('A', 'agent', buy),
    end('task-1', { t: bad ? 5 : 9 }),
    buys({ chain: null, approval: 'A', caller: null, t: 7 }),
  ]),
  pair(
    'D9',
    'yes-taken-back',
    'an agent that did not give it takes back no yes',
    { ...flagged, culprit: 'A' },
    (bad) => [
      yes('A', 'agent', buy),
      root('R2', 'rival', [perm('sell')]),
      revoke('approval', 'A', { by: bad ? 'ann' : 'rival' }),
      buys({ chain: null, approval: 'A', caller: null }),
    ],
  ),
  pair('D9', 'five-hops', 'a link in the middle', { ...flagged, culprit: 'L3' }, (bad) => [
    buyer,
    hand('L2', 'buyer', 'b', [buy], 'L0', { exp: 500 }),
    hand('L3', 'b', 'c', [buy], 'L2', { exp: 100 }),
    hand('L4', 'c', 'd', [buy], 'L3'),
    hand('L5', 'd', 'agent', [buy], 'L4'),
    act('X1', 'agent', buy, { chain: 'L5', t: bad ? 100 : 99 }),
  ]),
  pair('D9', 'unsigned', 'an unsigned link has a window all the same', flagged, (bad) => [
    { ...buyer, sig: 'missing' },
    hand('L1', 'buyer', 'agent', [buy], 'L0', { sig: 'missing', exp: 60 }),
    buys({ t: bad ? 60 : 59 }),
  ]),
  pair('D9', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    buyer,
    agent,
    revoke('link', 'L1'),
    buys({ status: bad ? 'ok' : 'denied' }),
  ]),
  pair('D9', 'late-evidence', 'what was made before and told later was there', flagged, (bad) => [
    buyer,
    buys({ t: 10 }),
    { ...agent, t: bad ? 11 : 9 },
  ]),
  pair(
    'D9',
    'yes-after-task-of-nobody',
    'a yes ends with its task, also where no chain is in it',
    { ...flagged, culprit: 'A' },
    (bad) => [
      yes('A', 'agent', buy),
      end('task-1', { t: bad ? 5 : 9 }),
      buys({ chain: null, approval: 'A', caller: null, t: 7 }),
    ],
  ),
]
