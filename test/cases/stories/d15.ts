import { act, type Flagged, hand, pair, perm, root, yes } from '../story.ts'

const mail = perm('send_mail')
const flagged: Flagged = { at: ['X1'], kinds: ['D15'], culprit: 'L1' }
const standing: Flagged = { at: ['X1'], kinds: ['D15'] }

const lead = root('L0', 'lead', [mail])
const link = (more = {}) => hand('L1', 'lead', 'mailer', [mail], 'L0', more)
const mails = (more = {}) => act('X1', 'mailer', mail, { chain: 'L1', ...more })

export const d15 = [
  pair('D15', 'call', 'the call is for the root’s principal', flagged, (bad) => [
    lead,
    link(),
    mails({ principal: bad ? 'bob' : 'ann' }),
  ]),
  pair('D15', 'link', 'a link is for its root’s principal', flagged, (bad) => [
    lead,
    link({ principal: bad ? 'bob' : 'ann' }),
    mails(),
  ]),
  pair(
    'D15',
    'unsigned-root',
    'an unsigned root is its giver’s, whoever it names',
    { ...flagged, culprit: 'L0' },
    (bad) => [
      root('L0', 'mailer', [mail], {
        issuer: bad ? 'lead' : 'ann',
        principal: 'ann',
        sig: 'missing',
      }),
      mails({ chain: 'L0', caller: null }),
    ],
  ),
  pair(
    'D15',
    'mailbox',
    'a grant from the other principal that covers the call',
    flagged,
    (bad) => [
      lead,
      link(),
      root('R2', 'mailer', [bad ? perm('read_mail') : mail], { issuer: 'bob' }),
      mails({ principal: 'bob' }),
    ],
  ),
  pair('D15', 'grant-of-other-task', 'that grant is for this task', flagged, (bad) => [
    lead,
    link(),
    root('R2', 'mailer', [mail], { issuer: 'bob', task: bad ? 'task-2' : 'task-1' }),
    mails({ principal: 'bob' }),
  ]),
  pair('D15', 'grant-over', 'that grant is in its window', flagged, (bad) => [
    lead,
    link(),
    root('R2', 'mailer', [mail], { issuer: 'bob', exp: 10 }),
    mails({ principal: 'bob', t: bad ? 10 : 9 }),
  ]),
  pair('D15', 'approved', 'a yes of the other principal', flagged, (bad) => [
    lead,
    link(),
    yes('A', 'mailer', mail, { approver: bad ? 'ann' : 'bob' }),
    mails({ principal: 'bob' }),
  ]),
  pair('D15', 'grant-to-another', 'the grant is to the acting agent', flagged, (bad) => [
    lead,
    link(),
    root('R2', bad ? 'lead' : 'mailer', [mail], { issuer: 'bob' }),
    mails({ principal: 'bob' }),
  ]),
  pair(
    'D15',
    'maker',
    'an agent acts for another with its maker’s rights',
    standing,
    (bad) => [mails({ chain: null, principal: bad ? 'bob' : 'ann' })],
    { standing: { mailer: [mail] } },
  ),
  pair(
    'D15',
    'maker-approved',
    'the other principal said yes',
    standing,
    (bad) => [
      yes('A', 'mailer', bad ? perm('read_mail') : mail, { approver: 'bob' }),
      mails({ chain: null, principal: 'bob' }),
    ],
    { standing: { mailer: [mail] } },
  ),
  pair(
    'D15',
    'unused',
    'told at the link where nobody used it',
    { ...flagged, at: ['L1'] },
    (bad) => [lead, link({ principal: bad ? 'bob' : 'ann' })],
  ),
  pair('D15', 'five-hops', 'a switch in the middle', { ...flagged, culprit: 'L2' }, (bad) => [
    lead,
    link({ principal: 'ann' }),
    hand('L2', 'mailer', 'c', [mail], 'L1', { principal: bad ? 'bob' : 'ann' }),
    hand('L3', 'c', 'd', [mail], 'L2', { principal: 'ann' }),
    hand('L4', 'd', 'e', [mail], 'L3', { principal: 'ann' }),
    act('X1', 'e', mail, { chain: 'L4', principal: 'ann' }),
  ]),
  pair('D15', 'service-root', 'a service grants in the name of a person', flagged, (bad) => [
    root('L0', 'lead', [mail], { issuer: 'timer', principal: 'ann' }),
    link({ principal: 'ann' }),
    mails({ principal: bad ? 'bob' : 'ann' }),
  ]),
  pair('D15', 'blocked', 'X7: a refused call is an attempt', flagged, (bad) => [
    lead,
    link(),
    mails({ principal: 'bob', status: bad ? 'ok' : 'denied' }),
  ]),
  pair(
    'D15',
    'public',
    'X4: anybody may',
    flagged,
    () => [lead, link(), mails({ principal: 'bob' })],
    (bad) => ({
      public: bad ? [] : ['send_mail'],
    }),
  ),
  pair('D15', 'unsigned', 'with unsigned links, of lower grade', flagged, (bad) => [
    { ...lead, sig: 'missing' },
    link({ sig: 'missing' }),
    mails({ principal: bad ? 'bob' : 'ann' }),
  ]),
  pair(
    'D15',
    'root-of-a-person',
    'a person grants in his own name, a service in that of others',
    { ...flagged, culprit: 'L0' },
    (bad) => [
      root('L0', 'mailer', [mail], { issuer: bad ? 'bob' : 'timer', principal: 'ann' }),
      mails({ chain: 'L0' }),
    ],
  ),
]
