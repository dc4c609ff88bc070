import type { AuthoritySource, Hop } from '@delegraph/graph-schema'
import { PROFILE } from '@delegraph/link'
import { wordOf } from '../columns.ts'
import { fromNumericDate } from '../instants.ts'
import { agentRef, type Fields, partyRef, principalRef } from './fields.ts'

const SIGNATURES = ['valid', 'invalid', 'unchecked', 'missing'] as const

/** One hop as it was judged for one action. */
export const hopFields: Fields<Hop> = {
  hash: (hop) => hop.link,
  profile: (hop) => hop.profile ?? PROFILE,
  grade: (hop) => hop.grade ?? (hop.signature === 'valid' ? 'signed' : 'asserted'),
  depth: (hop) => hop.depth,
  delegator: (hop) => partyRef(hop.delegator, hop.depth === 0),
  delegate: (hop) => agentRef(hop.delegate),
  granted: (hop) => hop.granted,
  signature: (hop) => wordOf(hop.signature, SIGNATURES, 'unchecked'),
  verdict: (hop) => hop.outcome,
  issuedAt: (hop) => fromNumericDate(hop.issuedAt),
  expiresAt: (hop) => fromNumericDate(hop.expiresAt),
  covers: (hop) => {
    if (typeof hop.covers !== 'boolean') return 'unknown'
    return hop.covers ? 'yes' : 'no'
  },
  link: (hop, _, context) => context.load.node.Link(hop.link),
}

export const sourceFields: Fields<AuthoritySource> = {
  kind: (source) => source.kind,
  id: (source) => source.id,
  holder: (source) => ({ kind: 'Agent', id: source.holder }),
  giver: (source) => principalRef(source.giver),
  signature: (source) => wordOf(source.signature, SIGNATURES, 'unchecked'),
  approval: (source, _, context) =>
    source.kind === 'approval' ? context.load.node.Approval(source.id) : undefined,
  link: (source, _, context) =>
    source.kind === 'link' ? context.load.node.Link(source.id) : undefined,
}
