import {
  act,
  allow,
  bare,
  type Flagged,
  flow,
  hand,
  pair,
  perm,
  root,
  secret,
  yes,
} from '../story.ts'

const edit = perm('edit_rules')
const deploy = perm('deploy')
const flagged: Flagged = { at: ['X2'], kinds: ['D16'], culprit: 'rules' }
const world = { standing: { coder: [deploy] } }

/** Coder changes the rules by which the gate then lets its deployment through. */
const changes = (more = {}) =>
  act('X1', 'coder', edit, { control: true, resource: 'rules', ...more })
const letThrough = (agent: string) => [
  allow(agent, deploy, { id: 'N', by: 'rules' }),
  bare('X2', agent, deploy, { decision: 'N' }),
]

export const d16 = [
  pair(
    'D16',
    'reviewed',
    'the change was approved by a principal',
    flagged,
    (bad) => [...(bad ? [] : [yes('A', 'coder', edit)]), changes(), letThrough('coder')],
    world,
  ),
  pair(
    'D16',
    'administers',
    'the task grants the change',
    flagged,
    (bad) => [
      root('L0', 'coder', [bad ? perm('edit_code') : edit]),
      changes({ chain: 'L0' }),
      letThrough('coder'),
    ],
    world,
  ),
  pair(
    'D16',
    'administers-by-itself',
    'its own identity may make the change',
    flagged,
    () => [changes(), letThrough('coder')],
    (bad) => ({ standing: { coder: [deploy, bad ? perm('edit_code') : edit] } }),
  ),
  pair(
    'D16',
    'own-yes',
    'no agent approves itself',
    { at: ['X1'], kinds: ['D16'], culprit: 'A' },
    (bad) => [
      root('L0', 'coder', [deploy]),
      yes('A', 'coder', deploy, { approver: bad ? 'coder' : 'ann' }),
      act('X1', 'coder', deploy, { chain: 'L0', approval: 'A' }),
    ],
  ),
  pair(
    'D16',
    'yes-of-its-maker',
    'nor does an agent that configured it',
    { at: ['X2'], kinds: ['D16'], culprit: 'A' },
    (bad) => [
      root('L0', 'coder', [deploy]),
      root('L1', 'boss', [bad ? perm('edit_code') : edit]),
      act('X1', 'boss', edit, { chain: 'L1', control: true, resource: 'coder' }),
      yes('A', 'coder', deploy, { approver: 'boss' }),
      act('X2', 'coder', deploy, { chain: 'L0', approval: 'A' }),
    ],
  ),
  pair(
    'D16',
    'configuration-of-another',
    'one agent rewrites another’s configuration',
    { ...flagged, culprit: 'tester' },
    (bad) => [
      ...(bad ? [] : [yes('A', 'coder', edit)]),
      changes({ resource: 'tester' }),
      act('X2', 'tester', deploy),
    ],
    { standing: { tester: [deploy] } },
  ),
  pair(
    'D16',
    'own-link',
    'a root link that it wrote for itself',
    { at: ['X1'], kinds: ['D16'], culprit: 'L0' },
    (bad) => [
      root('L0', 'coder', [deploy], { issuer: bad ? 'coder' : 'ann' }),
      act('X1', 'coder', deploy, { chain: 'L0' }),
    ],
  ),
  pair(
    'D16',
    'written-link',
    'a link that it had written',
    { ...flagged, culprit: 'L9' },
    (bad) => [
      ...(bad ? [] : [yes('A', 'coder', edit)]),
      changes({ resource: 'L9' }),
      root('L9', 'coder', [deploy]),
      act('X2', 'coder', deploy, { chain: 'L9' }),
    ],
  ),
  pair(
    'D16',
    'written-secret',
    'a secret that it had made',
    { ...flagged, culprit: 'key' },
    (bad) => [
      root('L0', 'coder', [deploy]),
      ...(bad ? [] : [yes('A', 'coder', edit)]),
      changes({ resource: 'key' }),
      secret('key', 'coder'),
      act('X2', 'coder', deploy, { chain: 'L0', cred: 'key' }),
    ],
  ),
  pair(
    'D16',
    'by-flow',
    'written by way of another agent, which it drove',
    flagged,
    (bad) => [
      root('L1', 'admin', [edit]),
      flow('coder', 'X1'),
      ...(bad ? [] : [yes('A', 'admin', edit)]),
      act('X1', 'admin', edit, { chain: 'L1', control: true, resource: 'rules' }),
      letThrough('coder'),
    ],
    world,
  ),
  pair(
    'D16',
    'not-its-change',
    'by the one that wrote it, or one it configured',
    flagged,
    (bad) => [changes(), letThrough(bad ? 'coder' : 'tester')],
    { standing: { coder: [deploy], tester: [deploy] } },
  ),
  pair(
    'D16',
    'used-before',
    'the change comes before the use',
    flagged,
    (bad) => (bad ? [changes(), letThrough('coder')] : [letThrough('coder'), changes()]),
    world,
  ),
  pair(
    'D16',
    'change-failed',
    'a change that failed changed nothing',
    flagged,
    (bad) => [changes({ status: bad ? 'ok' : 'failed' }), letThrough('coder')],
    world,
  ),
  pair(
    'D16',
    'yes-to-other-change',
    'the yes is to this very change',
    flagged,
    (bad) => [
      yes('A', 'coder', perm('edit_rules', { rule: bad ? 'colour' : 'deploy' })),
      act('X1', 'coder', perm('edit_rules', { rule: 'deploy' }), {
        control: true,
        resource: 'rules',
      }),
      letThrough('coder'),
    ],
    world,
  ),
  pair(
    'D16',
    'down-the-chain',
    'the change was granted hop by hop',
    flagged,
    (bad) => {
      const passed = bad ? [perm('edit_code')] : [edit]
      return [
        root('L0', 'a', [edit, perm('edit_code')]),
        hand('L1', 'a', 'b', passed, 'L0'),
        hand('L2', 'b', 'c', passed, 'L1'),
        hand('L3', 'c', 'coder', passed, 'L2'),
        changes({ chain: bad ? null : 'L3' }),
        letThrough('coder'),
      ]
    },
    world,
  ),
  pair(
    'D16',
    'own-setting-beside-a-link',
    'what an agent runs by counts whatever it cites',
    { ...flagged, culprit: 'coder' },
    (bad) => [
      root('L0', 'coder', bad ? [deploy] : [deploy, edit]),
      act('X1', 'coder', edit, { chain: 'L0', control: true, resource: 'coder' }),
      act('X2', 'coder', deploy, { chain: 'L0' }),
    ],
    world,
  ),
]
