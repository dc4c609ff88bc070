import {
  act,
  any,
  bare,
  end,
  flow,
  hand,
  never,
  offer,
  oneOf,
  perm,
  range,
  revoke,
  root,
  secret,
  yes,
} from '../story.ts'

const read = perm('read')
const send = perm('send', { to: 'a@example.org' })

/** Legitimate histories without a twin, section 5 and whatever looks like a finding and is none. */
export const nevers = [
  never('explicit-transfer', [
    root('L0', 'lead', [read, perm('send')]),
    hand('L1', 'lead', 'worker', [send], 'L0'),
    act('X1', 'worker', send, { chain: 'L1' }),
  ]),
  never('six-hops', [
    root('L0', 'a', [perm('send')], { exp: 900, depth_left: 5 }),
    hand('L1', 'a', 'b', [perm('send')], 'L0', { exp: 800, depth_left: 4 }),
    hand('L2', 'b', 'c', [perm('send')], 'L1', { exp: 700, depth_left: 3 }),
    hand('L3', 'c', 'd', [send], 'L2', { exp: 600, depth_left: 2, redelegable: true }),
    hand('L4', 'd', 'e', [send], 'L3', { exp: 500, depth_left: 1 }),
    hand('L5', 'e', 'f', [send], 'L4', { exp: 400, depth_left: 0, redelegable: false }),
    act('X1', 'f', send, { chain: 'L5', t: 399 }),
  ]),
  never(
    'owner-export',
    [
      root('L0', 'desk', [read]),
      offer('lock', '*', perm('log_visit')),
      hand('L1', 'desk', 'lock', [], 'L0'),
      act('X1', 'lock', perm('log_visit'), { chain: 'L1' }),
    ],
    { standing: { lock: [perm('unlock'), perm('log_visit')] } },
  ),
  never(
    'fresh-endorsement',
    [flow('page', 'X1'), yes('A', 'mailer', send), act('X1', 'mailer', send, { approval: 'A' })],
    { standing: { mailer: [perm('send')], page: [] }, external: ['page'] },
  ),
  never('public-operation', [bare('X1', 'stranger', read)], { public: ['read'] }),
  never('yes-for-delegates', [
    root('L0', 'lead', [perm('send')]),
    yes('A', 'lead', send, { delegates: true, uses: 2 }),
    hand('L1', 'lead', 'worker', [send], 'L0'),
    act('X1', 'worker', send, { chain: 'L1', approval: 'A' }),
    act('X2', 'lead', send, { chain: 'L0', approval: 'A' }),
  ]),
  never('batch-of-twenty', [
    root('L0', 'payer', [perm('pay')]),
    yes('A', 'payer', perm('pay', { to: oneOf('v1', 'v2'), amount: range({ max: 100 }) }), {
      uses: 20,
    }),
    ...Array.from({ length: 20 }, (_, i) =>
      act(`X${i}`, 'payer', perm('pay', { to: i % 2 ? 'v1' : 'v2', amount: i }), {
        chain: 'L0',
        approval: 'A',
      }),
    ),
  ]),
  never('controller-lacks-the-right', [
    root('L0', 'controller', [perm('plan')]),
    root('R1', 'editor', [perm('edit')]),
    act('X1', 'editor', perm('edit'), { chain: 'R1', caller: 'controller' }),
  ]),
  never('blocked-attempts', [
    root('L0', 'lead', [read]),
    hand('L1', 'lead', 'worker', [send], 'L0'),
    bare('X1', 'worker', send, { chain: 'L1', status: 'denied' }),
    bare('X2', 'worker', send, { chain: 'L0', cred: 'cred:lead', status: 'denied' }),
    bare('X3', 'worker', send, { status: 'failed' }),
  ]),
  never('in-time', [
    root('L0', 'lead', [read], { exp: 100 }),
    yes('A', 'lead', read, { exp: 100 }),
    secret('key', 'lead', { exp: 100 }),
    act('X1', 'lead', read, { chain: 'L0', approval: 'A', cred: 'key', t: 99 }),
    revoke('link', 'L0', { t: 100 }),
    end('task-1', { t: 101 }),
  ]),
  never('told-late', [
    act('X1', 'worker', read, { chain: 'L1', t: 50 }),
    root('L0', 'lead', [read], { t: 10 }),
    hand('L1', 'lead', 'worker', [read], 'L0', { t: 20 }),
  ]),
  never('renewed', [
    root('L0', 'lead', [read, send]),
    hand('L1', 'lead', 'worker', [read], 'L0', { exp: 50 }),
    hand('L2', 'lead', 'worker', [read], 'L0', { t: 40, exp: 90, replaces: 'L1' }),
    act('X1', 'worker', read, { chain: 'L1', t: 45 }),
    act('X2', 'worker', read, { chain: 'L2', t: 60 }),
  ]),
  never('retry-after-failure', [
    root('L0', 'payer', [perm('pay')]),
    yes('A', 'payer', perm('pay')),
    act('X1', 'payer', perm('pay'), { chain: 'L0', approval: 'A', status: 'failed' }),
    act('X2', 'payer', perm('pay'), { chain: 'L0', approval: 'A' }),
  ]),
  never('shared-secret', [
    root('L0', 'one', [read]),
    root('L1', 'two', [read]),
    secret('pool', ['one', 'two']),
    act('X1', 'one', read, { chain: 'L0', cred: 'pool' }),
    act('X2', 'two', read, { chain: 'L1', cred: 'pool' }),
  ]),
  never('governed-queue', [
    root('L0', 'intake', [read]),
    root('R1', 'ops', [perm('restart')], { task: 'task-2' }),
    offer('queue', 'intake', perm('write')),
    flow('intake', 'queue'),
    flow('queue', 'X1', { task: 'task-2' }),
    act('X1', 'ops', perm('restart'), { chain: 'R1', task: 'task-2' }),
  ]),
  never('fills-in-the-plan', [
    root('L0', 'finance', [read, perm('buy', { amount: range({ max: 100 }) })]),
    hand('L1', 'finance', 'news', [read], 'L0'),
    act('X1', 'news', read, { chain: 'L1' }),
    flow('X1', 'X2'),
    act('X2', 'finance', perm('buy', { amount: 80 }), { chain: 'L0' }),
  ]),
  never('reaches-under-the-plan', [
    root('L0', 'lead', [read, perm('send')]),
    hand('L1', 'lead', 'reader', [read], 'L0'),
    act('X1', 'reader', read, { chain: 'L1' }),
    flow('X1', 'lead'),
    act('X2', 'lead', send, { chain: 'L0' }),
  ]),
  never(
    'link-carries-nothing',
    [
      root('L0', 'lead', [read]),
      hand('L1', 'lead', 'reader', [read], 'L0'),
      act('X1', 'reader', read, { chain: 'L1' }),
      flow('X1', 'lead'),
      offer('mailer', 'lead', perm('send')),
      hand('L2', 'lead', 'mailer', [], 'L0'),
      act('X2', 'mailer', send, { chain: 'L2' }),
    ],
    { standing: { mailer: [perm('send')] } },
  ),
  never('page-merely-reached', [flow('page', 'mailer'), act('X1', 'mailer', send)], {
    standing: { mailer: [perm('send')], page: [] },
    external: ['page'],
  }),
  never('memory-merely-reached', [
    root('L0', 'intern', [read]),
    root('R1', 'ops', [perm('restart')], { task: 'task-2' }),
    flow('intern', 'memory'),
    flow('memory', 'ops', { task: 'task-2' }),
    act('X1', 'ops', perm('restart'), { chain: 'R1', task: 'task-2' }),
  ]),
  never('cites-the-wrong-path', [
    root('L0', 'worker', [read]),
    root('R2', 'worker', [perm('send')]),
    act('X1', 'worker', send, { chain: 'L0' }),
  ]),
  never('service-by-itself', [act('X1', 'backup', perm('copy'), { principal: 'firm' })], {
    standing: { backup: [perm('copy')] },
    owners: { backup: 'firm' },
  }),
  never('unsigned-all-through', [
    root('L0', 'lead', [read], { sig: 'missing' }),
    hand('L1', 'lead', 'worker', [read], 'L0', { sig: 'missing' }),
    bare('X1', 'worker', read, { chain: 'L1' }),
  ]),
  never('one-tool-in-parts', [
    root('L0', 'payer', [
      perm('pay', { to: 'a', amount: range({ max: 10 }) }),
      perm('pay', { to: 'b', amount: range({ max: 20 }) }),
    ]),
    hand('L1', 'payer', 'clerk', [perm('pay', { to: 'b', amount: oneOf(15, 20) })], 'L0'),
    act('X1', 'clerk', perm('pay', { to: 'b', amount: 20 }), { chain: 'L1' }),
    act('X2', 'payer', perm('pay', { to: 'a', amount: 10 }), { chain: 'L0' }),
  ]),
  never('narrowed-in-other-words', [
    root('L0', 'payer', [perm('pay', { amount: range({ min: 0, max: 500 }) })]),
    hand(
      'L1',
      'payer',
      'clerk',
      [perm('pay', { amount: any(10, range({ min: 20, max: 30 })) })],
      'L0',
    ),
    act('X1', 'clerk', perm('pay', { amount: 10 }), { chain: 'L1' }),
  ]),
  never(
    'two-owners-two-tasks',
    [
      root('L0', 'one', [perm('edit')]),
      root('R1', 'two', [perm('edit')], { issuer: 'bob', task: 'task-2', trace: 'trace-2' }),
      act('X1', 'one', perm('edit'), { chain: 'L0', principal: 'ann' }),
      act('X2', 'two', perm('edit'), { chain: 'R1', task: 'task-2', principal: 'bob' }),
    ],
    { owners: { two: 'bob' } },
  ),
  never(
    'approved-change',
    [
      yes('A', 'coder', perm('edit_rules')),
      act('X1', 'coder', perm('edit_rules'), { approval: 'A', control: true, resource: 'rules' }),
      act('X2', 'coder', perm('deploy')),
    ],
    { standing: { coder: [perm('deploy')] } },
  ),
]
