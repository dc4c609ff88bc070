import {
  type Grade,
  type GraphNode,
  NOT_APPLICABLE,
  OK,
  type Outcome,
  outcomeOf,
} from '@delegraph/graph-schema'
import { isFault, LIMITS, openJwt, PLAIN_PROFILE, type Trust } from '@delegraph/link'
import { evidenceOfNode } from '../../evidence/node.ts'
import type { ForeignEvidence } from '../../evidence/types.ts'
import { textOf } from '../nodes.ts'
import { hopKey, readToken, TOKEN_PROFILE } from './access-tokens.ts'
import { isPlain } from './plain-text.ts'

/** A token of another kind that one call presented, as the action keeps it. */
export interface PresentedToken {
  readonly profile: string
  /** Of what this presentation shows of the one who acts now. */
  readonly grade: Grade
  /** The hop of the current actor: the node of a link. */
  readonly link: string
  readonly outcome: Outcome
  /** Whether the key that the token is bound to was shown for this very call. */
  readonly possession: Outcome
  readonly flags: readonly string[]
  readonly notChecked: readonly string[]
}

/** More are of no call that anybody makes. */
const MAX_TOKENS = 16

/** What is known of the call that a proof must have been made for. */
export interface ProvenCall {
  readonly id: string
  /** NumericDate of its start, where a span says it. */
  readonly startedAt: number | undefined
  readonly audience: string | undefined
}

/**
 * The tokens of one call. A proof of possession is for one request: one that was made at another time,
 * for another host, or that came with another call too, shows nothing for this one. None of it enters
 * the judgement of the call.
 */
export function presentedTokens(
  items: readonly ForeignEvidence[],
  call: ProvenCall,
  sharing: readonly GraphNode[],
  trust: Trust,
): PresentedToken[] {
  return [...items]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, MAX_TOKENS)
    .map((item) => (isPlain(item) ? plainToken(item) : accessToken(item, call, sharing, trust)))
}

/** Its verdict is that of its link; its proof of possession never leaves the two ends of the call. */
function plainToken(item: ForeignEvidence): PresentedToken {
  return {
    profile: PLAIN_PROFILE,
    grade: 'asserted',
    link: item.artefact,
    outcome: outcomeOf('other_profile'),
    possession: NOT_APPLICABLE,
    flags: [],
    notChecked: ['possession'],
  }
}

function accessToken(
  item: ForeignEvidence,
  call: ProvenCall,
  sharing: readonly GraphNode[],
  { tokenIssuers }: Trust,
): PresentedToken {
  const reading = readToken(item, tokenIssuers, call.startedAt)
  const shown = reading.possession.state === 'ok'
  const possession = shown ? misuseOf(item, call, sharing) : reading.possession
  return {
    profile: TOKEN_PROFILE,
    grade: possession.state === 'ok' ? reading.grade : 'asserted',
    link: hopKey(item.artefact, Math.max(reading.hops.length - 1, 0)),
    outcome: reading.outcome,
    possession,
    flags: reading.flags,
    notChecked: reading.notChecked,
  }
}

function misuseOf(
  { proof }: ForeignEvidence,
  call: ProvenCall,
  sharing: readonly GraphNode[],
): Outcome {
  const elsewhere = sharing
    .map(evidenceOfNode)
    .some((other) => other.kind === 'foreign' && other.proof === proof && other.action !== call.id)
  if (elsewhere) return outcomeOf('replayed', 'dpop')
  const jwt = openJwt(proof, LIMITS.linkSize)
  const htu = isFault(jwt) ? undefined : originOf(jwt.payload['htu'])
  const called = originOf(call.audience)
  return called === undefined || htu === called ? OK : outcomeOf('receipt_mismatch', 'htu')
}

/** A resource is named by an address of its host, not by the address of each request. */
function originOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined
  const { origin, protocol } = new URL(value)
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined
}

/** Calls that a proof came with, by what the evidence is looked up by. */
export function callsOfProofs(nodes: readonly GraphNode[]): string[] {
  return nodes.flatMap((node) =>
    textOf(node, 'kind') === 'foreign' ? (textOf(node, 'action') ?? []) : [],
  )
}
