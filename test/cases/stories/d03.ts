import { act, type Flagged, flow, hand, offer, pair, perm, revoke, root, yes } from '../story.ts'

const unlock = perm('unlock', { door: 'front' })
const browse = perm('browse')
const flagged: Flagged = { at: ['X1'], kinds: ['D3'] }
const standing = { standing: { lock: [perm('unlock')] } }

/** Browser may browse. It puts Lock to work, which may unlock by itself, on a link that grants nothing. */
const browser = root('L0', 'browser', [browse])
const asks = hand('L1', 'browser', 'lock', [], 'L0')
const opens = act('X1', 'lock', unlock, { chain: 'L1' })

export const d03 = [
  pair(
    'D3',
    'export',
    'X2: the operation is exported to the caller',
    flagged,
    (bad) => [browser, ...(bad ? [] : [offer('lock', 'browser', unlock)]), asks, opens],
    standing,
  ),
  pair(
    'D3',
    'caller-may',
    'N: the caller has a grant of its own',
    flagged,
    (bad) => [root('L0', 'browser', bad ? [browse] : [browse, unlock]), asks, opens],
    standing,
  ),
  pair(
    'D3',
    'nobody-asked',
    'a caller without a link is a driver; without a caller there is none',
    flagged,
    (bad) => [browser, act('X1', 'lock', unlock, { caller: bad ? 'browser' : null })],
    standing,
  ),
  pair(
    'D3',
    'other-operation-exported',
    'the export is of this operation',
    flagged,
    (bad) => [browser, offer('lock', '*', perm(bad ? 'log_visit' : 'unlock')), asks, opens],
    standing,
  ),
  pair(
    'D3',
    'export-over',
    'the export is over when t has reached exp',
    flagged,
    (bad) => [
      browser,
      offer('lock', 'browser', unlock, { exp: 100 }),
      asks,
      act('X1', 'lock', unlock, { chain: 'L1', t: bad ? 100 : 99 }),
    ],
    standing,
  ),
  pair(
    'D3',
    'export-by-stranger',
    'the owner of the deputy exports, nobody else',
    flagged,
    (bad) => [
      browser,
      offer('lock', 'browser', unlock, { owner: bad ? 'bob' : 'ann' }),
      asks,
      opens,
    ],
    standing,
  ),
  pair(
    'D3',
    'export-to-another',
    'the export is to this caller',
    flagged,
    (bad) => [browser, offer('lock', bad ? 'desk' : '*', unlock), asks, opens],
    standing,
  ),
  pair(
    'D3',
    'export-narrower',
    'the export covers the arguments',
    flagged,
    (bad) => [
      browser,
      offer('lock', 'browser', perm('unlock', { door: bad ? 'back' : 'front' })),
      asks,
      opens,
    ],
    standing,
  ),
  pair(
    'D3',
    'data-drives',
    'a writer whose data shaped the call drives it; one whose data merely reached the agent does not',
    flagged,
    (bad) => [flow('page', bad ? 'X1' : 'lock'), act('X1', 'lock', unlock)],
    { standing: { ...standing.standing, page: [] }, external: ['page'] },
  ),
  pair(
    'D3',
    'endorsed-after',
    'X3: the yes comes after the influence',
    flagged,
    (bad) => {
      const approved = yes('A', 'lock', unlock)
      const read = flow('page', 'X1')
      return [...(bad ? [approved, read] : [read, approved]), act('X1', 'lock', unlock)]
    },
    { standing: { ...standing.standing, page: [] }, external: ['page'] },
  ),
  pair(
    'D3',
    'three-hops',
    'every caller on the path, not the last alone',
    flagged,
    (bad) => [
      browser,
      offer('lock', bad ? 'desk' : '*', unlock),
      hand('L1', 'browser', 'porter', [browse], 'L0'),
      hand('L2', 'porter', 'guard', [browse], 'L1'),
      hand('L3', 'guard', 'lock', [], 'L2'),
      act('X1', 'lock', unlock, { chain: 'L3' }),
    ],
    standing,
  ),
  pair(
    'D3',
    'own-root',
    'X6: the callee acts on its own root link for this task',
    flagged,
    (bad) => [
      browser,
      asks,
      ...(bad ? [] : [root('R2', 'lock', [unlock])]),
      act('X1', 'lock', unlock, { chain: bad ? 'L1' : 'R2', caller: 'browser' }),
    ],
    standing,
  ),
  pair(
    'D3',
    'other-path-covers',
    'cites one path while another covers it, for the same task: not inheritance',
    flagged,
    (bad) => [browser, asks, root('R2', 'lock', bad ? [browse] : [unlock]), opens],
    standing,
  ),
  pair(
    'D3',
    'across-owners',
    'the deputy has another owner, who exports',
    flagged,
    (bad) => [
      browser,
      offer('lock', 'browser', unlock, { owner: 'bob' }),
      asks,
      act('X1', 'lock', bad ? perm('unlock', { door: 'back' }) : unlock, { chain: 'L1' }),
    ],
    { ...standing, owners: { lock: 'bob' } },
  ),
  pair(
    'D3',
    'public',
    'X4: anybody may',
    flagged,
    () => [browser, asks, opens],
    (bad) => ({
      ...standing,
      public: bad ? [] : ['unlock'],
    }),
  ),
  pair(
    'D3',
    'yes-to-this-call',
    'X3: it cites a yes to this very call',
    { at: ['X1'], kinds: ['D3', 'D5'], culprit: 'A' },
    (bad) => [
      browser,
      asks,
      yes('A', 'lock', perm('unlock', { door: bad ? 'back' : 'front' })),
      act('X1', 'lock', unlock, { chain: 'L1', approval: 'A' }),
    ],
    standing,
  ),
  pair(
    'D3',
    'caller-expired',
    'the caller’s grant is over when t has reached exp',
    flagged,
    (bad) => [
      root('L0', 'browser', [unlock], { exp: 50 }),
      act('X1', 'lock', unlock, { caller: 'browser', t: bad ? 50 : 49 }),
    ],
    standing,
  ),
  pair(
    'D3',
    'unsigned',
    'unsigned links tell who asked, of lower grade',
    flagged,
    (bad) => [
      { ...browser, sig: 'missing' },
      ...(bad ? [] : [offer('lock', 'browser', unlock)]),
      { ...asks, sig: 'missing' },
      opens,
    ],
    standing,
  ),
  pair(
    'D3',
    'other-task',
    'N: the caller’s grant is for this task',
    flagged,
    (bad) => [
      browser,
      root('R2', 'browser', [unlock], { task: bad ? 'task-2' : 'task-1' }),
      asks,
      opens,
    ],
    standing,
  ),
  pair(
    'D3',
    'person-asks',
    'a person who asks is no agent that gains',
    flagged,
    (bad) => [browser, act('X1', 'lock', unlock, { caller: bad ? 'browser' : 'bob' })],
    standing,
  ),
  pair(
    'D3',
    'yes-before-data',
    'X3: the yes that it cites was given before what set it off was written, or after',
    flagged,
    (bad) => {
      const agreed = yes('A', 'lock', unlock)
      const wrote = flow('page', 'X1')
      const does = act('X1', 'lock', unlock, { approval: 'A' })
      return bad ? [agreed, wrote, does] : [wrote, agreed, does]
    },
    { standing: { ...standing.standing, page: [] }, external: ['page'] },
  ),
  pair(
    'D3',
    'exported-to-the-last',
    'N: what is offered to the last caller is not offered to those above',
    flagged,
    (bad) => [
      browser,
      offer('lock', 'porter', unlock),
      ...(bad ? [] : [offer('lock', 'browser', unlock)]),
      hand('L1', 'browser', 'porter', [browse], 'L0'),
      hand('L2', 'porter', 'lock', [], 'L1'),
      act('X1', 'lock', unlock, { chain: 'L2' }),
    ],
    standing,
  ),
  pair(
    'D3',
    'caller-of-caller-may',
    'N: a grant of the last caller is none of those above',
    flagged,
    (bad) => [
      root('L0', 'browser', bad ? [browse] : [browse, unlock]),
      root('R2', 'porter', [unlock]),
      hand('L1', 'browser', 'porter', [browse], 'L0'),
      hand('L2', 'porter', 'lock', [], 'L1'),
      act('X1', 'lock', unlock, { chain: 'L2' }),
    ],
    standing,
  ),
  pair(
    'D3',
    'outside-party-asks',
    'a party outside every grant has no standing permission, whatever is written down',
    flagged,
    () => [browser, act('X1', 'lock', unlock, { caller: 'page' })],
    (bad) => ({
      standing: { ...standing.standing, page: [perm('unlock')] },
      external: bad ? ['page'] : [],
    }),
  ),
  pair(
    'D3',
    'message-of-another-task',
    'a writer whose word went from agent to agent drives it, whatever task that was',
    flagged,
    (bad) => [
      root('L0', 'porter', [unlock]),
      flow('page', 'porter', { task: 'task-2' }),
      flow('porter', bad ? 'X1' : 'lock'),
      act('X1', 'lock', unlock),
    ],
    { standing: { ...standing.standing, page: [] }, external: ['page'] },
  ),
  pair(
    'D3',
    'caller-may-for-another-purpose',
    'N: the caller’s grant is bound to its purpose',
    flagged,
    (bad) => [
      browser,
      root('R1', 'browser', [unlock], { purpose: bad ? 'parcels' : 'visits' }),
      asks,
      act('X1', 'lock', unlock, { chain: 'L1', purpose: 'guided-visits' }),
    ],
    { ...standing, purposes: { 'guided-visits': 'visits' } },
  ),
  pair(
    'D3',
    'caller-may-later',
    'N: the caller’s grant was there before the call',
    flagged,
    (bad) => [
      browser,
      asks,
      ...(bad ? [] : [root('R1', 'browser', [unlock], { t: 50 })]),
      act('X1', 'lock', unlock, { chain: 'L1', t: 100 }),
      ...(bad ? [root('R1', 'browser', [unlock], { t: 500 })] : []),
    ],
    standing,
  ),
  pair(
    'D3',
    'caller-withdrawn',
    'N: the caller’s grant had not been withdrawn',
    flagged,
    (bad) => [
      browser,
      root('R1', 'browser', [unlock]),
      asks,
      revoke('link', 'R1', { t: bad ? 50 : 150 }),
      act('X1', 'lock', unlock, { chain: 'L1', t: 100 }),
    ],
    standing,
  ),
]
