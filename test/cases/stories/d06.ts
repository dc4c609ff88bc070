import { act, type Flagged, flow, hand, pair, perm, revoke, root, secret } from '../story.ts'

const ssh = perm('ssh', { host: 'db-1' })
const flagged: Flagged = { at: ['X1'], kinds: ['D6'], culprit: 'key' }

/** Worker may log in; the question is whose key it shows. */
const worker = root('L0', 'worker', [perm('ssh')])
const logsIn = (more = {}) => act('X1', 'worker', ssh, { chain: 'L0', cred: 'key', ...more })

export const d06 = [
  pair('D6', 'of-another', 'issued to another', flagged, (bad) => [
    worker,
    secret('key', bad ? 'admin' : 'worker'),
    logsIn(),
  ]),
  pair(
    'D6',
    'own-of-another',
    'the own credential of another agent',
    { ...flagged, culprit: 'cred:admin' },
    (bad) => [
      worker,
      root('R2', 'admin', [perm('ssh')]),
      logsIn({ cred: bad ? 'cred:admin' : 'cred:worker' }),
    ],
  ),
  pair('D6', 'declared-shared', 'a pool that shares one identity', flagged, (bad) => [
    worker,
    secret('key', bad ? ['admin', 'backup'] : ['admin', 'worker']),
    logsIn(),
  ]),
  pair('D6', 'exchange', 'a token that names the agent as actor', flagged, (bad) => [
    worker,
    secret('source', 'admin'),
    secret('key', bad ? 'admin' : 'worker', { perms: [ssh] }),
    flow('source', 'exchange'),
    logsIn(),
  ]),
  pair(
    'D6',
    'link-hands-on',
    'X1, T: a valid path from its holder covers the call',
    flagged,
    (bad) => {
      const giver = bad ? 'boss' : 'admin'
      return [
        root('R1', 'admin', [perm('ssh')]),
        root('R2', 'boss', [perm('ssh')]),
        secret('key', 'admin'),
        hand('L0', giver, 'worker', [perm('ssh')], bad ? 'R2' : 'R1'),
        logsIn(),
      ]
    },
  ),
  pair('D6', 'link-narrower', 'T: that path covers the arguments', flagged, (bad) => [
    root('R1', 'admin', [perm('ssh')]),
    worker,
    secret('key', 'admin'),
    hand('L1', 'admin', 'worker', [perm('ssh', { host: bad ? 'db-2' : 'db-1' })], 'R1'),
    logsIn(),
  ]),
  pair('D6', 'link-over', 'T: that path is in its window', flagged, (bad) => [
    root('R1', 'admin', [perm('ssh')]),
    worker,
    secret('key', 'admin'),
    hand('L1', 'admin', 'worker', [perm('ssh')], 'R1', { exp: 40 }),
    logsIn({ t: bad ? 40 : 39 }),
  ]),
  pair('D6', 'link-of-other-task', 'T: that path is bound to the task', flagged, (bad) => {
    const task = bad ? 'task-2' : 'task-1'
    return [
      root('R1', 'admin', [perm('ssh')], { task }),
      worker,
      secret('key', 'admin'),
      hand('L1', 'admin', 'worker', [perm('ssh')], 'R1', { task }),
      logsIn(),
    ]
  }),
  pair('D6', 'four-hops', 'T: a path by way of its holder', flagged, (bad) => [
    root('R1', bad ? 'boss' : 'admin', [perm('ssh')]),
    root('R2', bad ? 'admin' : 'boss', [perm('ssh')]),
    secret('key', 'admin'),
    hand('L1', bad ? 'boss' : 'admin', 'lead', [perm('ssh')], 'R1'),
    hand('L2', 'lead', 'crew', [perm('ssh')], 'L1'),
    hand('L0', 'crew', 'worker', [perm('ssh')], 'L2'),
    logsIn(),
  ]),
  pair('D6', 'rotation', 'rotation with overlapping keys', flagged, (bad) => [
    worker,
    secret('key', bad ? 'admin' : 'worker', { exp: 100 }),
    secret('newer', 'worker', { t: 50 }),
    logsIn({ t: 60 }),
  ]),
  pair('D6', 'cached', 'a secret first seen in another’s memory', flagged, (bad) => [
    worker,
    secret('key', 'admin'),
    flow('admin', 'cache'),
    flow('cache', 'worker'),
    logsIn(bad ? {} : { cred: 'cred:worker' }),
  ]),
  pair('D6', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    worker,
    secret('key', 'admin'),
    logsIn({ status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D6',
    'public',
    'X4: anybody may',
    flagged,
    () => [worker, secret('key', 'admin'), logsIn()],
    (bad) => ({ public: bad ? [] : ['ssh'] }),
  ),
  pair(
    'D6',
    'forged-hand-on',
    'T: the path that hands it on is valid',
    { ...flagged, kinds: ['D6', 'D10'] },
    (bad) => [
      root('R1', 'admin', [perm('ssh')]),
      secret('key', 'admin'),
      hand('L0', 'admin', 'worker', [perm('ssh')], 'R1', { sig: bad ? 'forged' : 'missing' }),
      logsIn(),
    ],
  ),
  pair(
    'D6',
    'hand-on-withdrawn',
    'T: the path that hands it on had not been withdrawn',
    flagged,
    (bad) => [
      root('R1', 'admin', [perm('ssh')]),
      worker,
      secret('key', 'admin'),
      hand('H1', 'admin', 'worker', [perm('ssh')], 'R1'),
      revoke('link', 'H1', { by: 'admin', t: bad ? 50 : 150 }),
      act('X1', 'worker', perm('ssh'), { chain: 'L0', cred: 'key', t: 100 }),
    ],
  ),
  pair(
    'D6',
    'hand-on-for-another-task',
    'T: the path that hands it on is bound to the task',
    flagged,
    (bad) => [
      root('R1', 'admin', [perm('ssh')], { task: bad ? 'task-2' : 'task-1' }),
      hand('H1', 'admin', 'worker', [perm('ssh')], 'R1', { task: bad ? 'task-2' : 'task-1' }),
      { ...worker, task: 'task-1' },
      secret('key', 'admin'),
      act('X1', 'worker', perm('ssh'), { chain: 'L0', cred: 'key' }),
    ],
  ),
]
