import { act, type Flagged, hand, pair, perm, root } from '../story.ts'

const post = perm('post')
const flagged: Flagged = { at: ['X1'], kinds: ['D10'], culprit: 'L1' }

const lead = root('L0', 'lead', [post])
const link = (more = {}) => hand('L1', 'lead', 'worker', [post], 'L0', more)
const posts = (more = {}) => act('X1', 'worker', post, { chain: 'L1', ...more })

export const d10 = [
  pair(
    'D10',
    'forged',
    'the signature does not verify; a missing one is a matter of grade',
    flagged,
    (bad) => [lead, link({ sig: bad ? 'forged' : 'missing' }), posts()],
  ),
  pair('D10', 'wrong-key', 'signed by somebody other than the parent’s holder', flagged, (bad) => [
    lead,
    link({ sig: bad ? 'wrong_key' : 'ok' }),
    posts(),
  ]),
  pair('D10', 'altered', 'changed after signing', flagged, (bad) => [
    lead,
    link({ sig: bad ? 'altered' : 'ok' }),
    posts(),
  ]),
  pair('D10', 'spliced', 'a link of one chain hung under another', flagged, (bad) => [
    lead,
    root('R2', 'lead', [post], { issuer: 'bob' }),
    hand('L1', 'lead', 'worker', [post], 'R2', { sig: bad ? 'spliced' : 'ok' }),
    posts(),
  ]),
  pair('D10', 'spliced-alone', 'issued under a link that nobody shows', flagged, (bad) => [
    lead,
    link({ sig: bad ? 'spliced' : 'ok' }),
    posts(),
  ]),
  pair('D10', 'issuer', 'the issuer is its parent’s holder', flagged, (bad) => [
    lead,
    root('R2', 'rival', [post]),
    hand('L1', bad ? 'rival' : 'lead', 'worker', [post], 'L0'),
    posts(),
  ]),
  pair(
    'D10',
    'link-of-another',
    'the link is the acting agent’s',
    { ...flagged, culprit: 'L0' },
    (bad) => [lead, link(), posts({ chain: bad ? 'L0' : 'L1' })],
  ),
  pair('D10', 'call-of-other-task', 'the link is of the task of the call', flagged, (bad) => [
    lead,
    link(),
    root('R2', 'worker', [post], { task: 'task-2' }),
    posts({ task: bad ? 'task-2' : 'task-1' }),
  ]),
  pair('D10', 'link-of-other-task', 'a link is of its parent’s task', flagged, (bad) => [
    { ...lead, task: bad ? 'task-2' : 'task-1' },
    link(),
    posts(),
  ]),
  pair('D10', 'depth', 'the number is the position', flagged, (bad) => [
    lead,
    link({ reported_depth: bad ? 2 : 1 }),
    posts(),
  ]),
  pair('D10', 'token-again', 'a token id is used once', flagged, (bad) => [
    lead,
    hand('L9', 'lead', 'worker', [post], 'L0', { jti: 'j-1' }),
    link({ jti: bad ? 'j-1' : 'j-2' }),
    posts(),
  ]),
  pair('D10', 'token-of-another-issuer', 'a token id is the issuer’s own', flagged, (bad) => [
    lead,
    root('R2', 'rival', [post]),
    hand('L9', bad ? 'lead' : 'rival', 'helper', [post], bad ? 'L0' : 'R2', { jti: 'j-1' }),
    link({ jti: 'j-1' }),
    posts(),
  ]),
  pair(
    'D10',
    'middle',
    'a broken link breaks all below it',
    { ...flagged, culprit: 'L2' },
    (bad) => [
      lead,
      link(),
      hand('L2', 'worker', 'c', [post], 'L1', { sig: bad ? 'forged' : 'ok' }),
      hand('L3', 'c', 'd', [post], 'L2'),
      hand('L4', 'd', 'e', [post], 'L3'),
      act('X1', 'e', post, { chain: 'L4' }),
    ],
  ),
  pair(
    'D10',
    'unused',
    'told at the link where nobody used it',
    { ...flagged, at: ['L1'] },
    (bad) => [lead, link({ sig: bad ? 'forged' : 'ok' }), act('X1', 'lead', post, { chain: 'L0' })],
  ),
  pair(
    'D10',
    'forged-root',
    'a root that its principal did not sign',
    { ...flagged, culprit: 'L0' },
    (bad) => [{ ...lead, sig: bad ? 'forged' : 'ok' }, link(), posts()],
  ),
  pair('D10', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    lead,
    link({ sig: 'forged' }),
    posts({ status: bad ? 'ok' : 'denied' }),
  ]),
  pair('D10', 'unsigned-splice', 'unsigned claims hang together or do not', flagged, (bad) => [
    { ...lead, sig: 'missing' },
    root('R2', 'rival', [post], { sig: 'missing' }),
    hand('L1', bad ? 'rival' : 'lead', 'worker', [post], 'L0', { sig: 'missing' }),
    posts(),
  ]),
  pair('D10', 'parent-unknown', 'the link above is one that somebody shows', flagged, (bad) => [
    lead,
    hand('L1', 'lead', 'worker', [post], bad ? 'nowhere' : 'L0'),
    posts(),
  ]),
]
