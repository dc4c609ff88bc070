import type { OutcomeCode } from '@delegraph/graph-schema'
import { LIMITS, signingInputHash, splitArguments } from '@delegraph/link'
import type { OpenAct } from '../act/open-act.ts'
import { type Chain, grantsOf } from '../link/chain.ts'

/**
 * What a caller presents with one call, whatever carries it. Nothing in it is believed: it has the
 * right shape and size, and no more.
 */
export interface Presentation {
  /** Links by value, root first; the leaf alone where `refs` names those above it. */
  readonly chain: readonly string[]
  /** Hashes of the links above those of `chain`, root first. */
  readonly refs: readonly string[]
  /** Proof of possession of the leaf's key for this call. */
  readonly pop?: string
  readonly salt?: string
  /** Names of the arguments that enter the action hash openly, where the chain does not say it. */
  readonly disclosed?: readonly string[]
  readonly approvals: readonly string[]
  /** Members that were sent and not taken, with the reason. */
  readonly faults: readonly PresentationFault[]
}

export interface PresentationFault {
  readonly member: 'aat_chain' | 'aat_refs' | 'aat_pop' | 'action_salt' | 'approvals'
  readonly code: OutcomeCode
}

/** The same as it travels: in `_meta` of MCP, in the metadata of an A2A message. */
export interface SentPresentation {
  readonly aat_chain?: readonly string[]
  readonly aat_refs?: readonly string[]
  readonly aat_pop?: string
  readonly action_salt: string
  readonly action_disclosed?: readonly string[]
  readonly approvals?: readonly string[]
}

/** `value`: the chain whole. `reference`: its last link, and the hashes of those above it. */
export type Carry = 'value' | 'reference'

/** What goes with the next request of a call; signs a fresh proof of possession each time. */
export function presentationOf(open: OpenAct, carry: Carry = 'value'): SentPresentation {
  const { chain, proposal, approvals } = open
  const pop = open.prove()
  const disclosed = Object.keys(proposal.disclosed)
  return {
    ...(chain === undefined ? {} : linksOf(chain, carry)),
    ...(pop === undefined ? {} : { aat_pop: pop }),
    action_salt: proposal.salt,
    ...(isOrdinary(open, disclosed) ? {} : { action_disclosed: disclosed }),
    ...(approvals.length === 0 ? {} : { approvals }),
  }
}

function linksOf({ texts, hashes }: Chain, carry: Carry) {
  if (carry === 'value' || texts.length === 1) return { aat_chain: texts }
  return { aat_chain: texts.slice(-1), aat_refs: hashes.slice(0, -1) }
}

/**
 * Whether the receiver can tell from the chain which arguments are hashed as they are. It cannot for
 * a call that was proposed under another chain, or with the setting `args: none`.
 */
function isOrdinary({ chain, proposal }: OpenAct, names: readonly string[]): boolean {
  const grants = chain === undefined ? [] : grantsOf(chain)
  const expected = Object.keys(splitArguments(grants, proposal.tool, proposal.args).disclosed)
  return expected.length === names.length && expected.every((name) => names.includes(name))
}

/**
 * Reads what somebody sent as a presentation. Never throws: what has the wrong type, is too much or
 * too large is left out and named in `faults`.
 */
export function readPresentation(sent: unknown): Presentation {
  const members = membersOf(sent)
  const faults: PresentationFault[] = []
  const chain = listOf(members['aat_chain'], 'aat_chain', LIMITS.links, faults)
  const refs = listOf(members['aat_refs'], 'aat_refs', LIMITS.links - 1, faults)
  const approvals = listOf(members['approvals'], 'approvals', MAX_APPROVALS, faults)
  const whole = refsOf(refs, chain, faults)
  const pop = textOf(members['aat_pop'], 'aat_pop', isProof, faults)
  const salt = textOf(members['action_salt'], 'action_salt', isSalt, faults)
  const disclosed = namesOf(members['action_disclosed'])
  return {
    chain,
    refs: whole,
    approvals: approvals.filter(isSigned),
    faults,
    ...(pop === undefined ? {} : { pop }),
    ...(salt === undefined ? {} : { salt }),
    ...(disclosed === undefined ? {} : { disclosed }),
  }
}

/** A link asks for at most eight approvals. */
export const MAX_APPROVALS = 8

type Members = Readonly<Record<string, unknown>>

/** The members of an object that came from outside; none where it is no object. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

type Member = PresentationFault['member']

/** All or nothing: a list with a hole would be another chain. */
function listOf(
  value: unknown,
  member: Member,
  max: number,
  faults: PresentationFault[],
): readonly string[] {
  if (value === undefined) return []
  const items: readonly unknown[] = Array.isArray(value) ? value : [undefined]
  const code = items.length > max ? TOO_MANY[member] : 'malformed'
  if (items.length <= max && items.every((item) => typeof item === 'string')) return items
  faults.push({ member, code: code ?? 'oversized' })
  return []
}

const TOO_MANY: Partial<Record<Member, OutcomeCode>> = {
  aat_chain: 'depth_invalid',
  aat_refs: 'depth_invalid',
}

/** References stand above exactly one link by value, and count as links. */
function refsOf(
  refs: readonly string[],
  chain: readonly string[],
  faults: PresentationFault[],
): readonly string[] {
  if (refs.length === 0) return refs
  const named = refs.every((hash) => HASH.test(hash)) && new Set(refs).size === refs.length
  if (named && chain.length === 1) return refs
  faults.push({ member: 'aat_refs', code: 'malformed' })
  return []
}

const HASH = /^[A-Za-z0-9_-]{43}$/

function textOf(
  value: unknown,
  member: Member,
  fits: (text: string) => boolean,
  faults: PresentationFault[],
): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && fits(value)) return value
  faults.push({ member, code: 'malformed' })
  return undefined
}

/** Compact form, three parts, within the profile's size. */
function isSigned(text: string): boolean {
  return text.length <= LIMITS.artefactSize && signingInputHash(text) !== undefined
}

function isProof(text: string): boolean {
  return text.length <= LIMITS.popSize && signingInputHash(text) !== undefined
}

function isSalt(text: string): boolean {
  return /^[A-Za-z0-9_-]{22,64}$/.test(text)
}

/** More names than a signed text can hold are none. */
function namesOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > 256) return undefined
  return value.filter((name) => typeof name === 'string')
}
