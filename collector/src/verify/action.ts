import {
  type Grade,
  NOT_APPLICABLE,
  OK,
  type Outcome,
  outcomeOf,
  type Verdict,
} from '@delegraph/graph-schema'
import {
  type AttestedIdentity,
  canonicalize,
  type HolderIdentity,
  type ReceiptClaims,
  type TrustedIssuer,
} from '@delegraph/link'
import { claimsOf } from '../evidence/node.ts'
import type { CallEvidence, CallFacts, SignedEvidence } from '../evidence/types.ts'
import { type ApprovalRecord, judgeApprovals } from './approval.ts'
import { type Call, callWith } from './call.ts'
import {
  type Agreement,
  agreement,
  type CalledSide,
  calledSide,
  isServiceSigned,
} from './called-side.ts'
import { type CredentialRecord, credentialFlags } from './credential.ts'
import { type DecisionRecord, decisionFlags, isFor, judgeDecision } from './decision.ts'
import { mergeCalls } from './facts.ts'
import { identityOutcome } from './identity.ts'
import { actionOutcome, chainOutcome, possessionOutcome, SPAN_DISTANCE } from './parts.ts'
import { isForeign, type Path, type PathLink, pathTo } from './path.ts'
import { chooseReceipt, type ReceiptChoice } from './receipt.ts'
import type { Registry } from './registry.ts'
import { shownArguments } from './shown-arguments.ts'
import { judgeStatus, type RevocationRecord, type StatusLists } from './status.ts'

/** Everything recorded that one action is judged on. Plain data: the same input, the same verdict. */
export interface ActionInput {
  /** `traceId-spanId`. */
  readonly id: string
  readonly calls: readonly CallEvidence[]
  readonly receipts: readonly SignedEvidence[]
  /** Links by hash: the cited path, the paths that the actor and the drivers hold in the task. */
  readonly links: ReadonlyMap<string, PathLink>
  /** Approvals that the action cites or that name its action hash. */
  readonly approvals: readonly ApprovalRecord[]
  readonly decisions: readonly DecisionRecord[]
  /** The texts of both. */
  readonly besides: readonly string[]
  /** What brokers signed about the credentials that it presents. */
  readonly credentials: readonly CredentialRecord[]
  /** Hashes of what the action presents, whether or not it has arrived. */
  readonly citedApprovals: readonly string[]
  readonly citedDecisions: readonly string[]
  /** What it and the calls before it say together of the budgets of its path; ok where absent. */
  readonly sums?: Outcome
  readonly revocations: readonly RevocationRecord[]
  readonly statusLists: StatusLists
  /** What trust domains say of whose keys these are; verified, whatever their time. */
  readonly identities: readonly AttestedIdentity[]
  readonly holderIdentity?: HolderIdentity
  /** Token keys (issuer and id) for which two different receipts exist. */
  readonly conflicts: ReadonlySet<string>
  readonly registry: Registry
  /** Services whose receipts are believed, each for its own `aud`. */
  readonly toolServers: readonly TrustedIssuer[]
  /** When the first evidence of it arrived, epoch milliseconds. */
  readonly learnedAt: number
  /** Judging time, epoch milliseconds: what is missing is pending until the window closes. */
  readonly now: number
  /** How long missing evidence may still come, milliseconds. */
  readonly pendingWindow: number
}

/** One action, judged part by part. Rules read this and nothing else. */
export interface JudgedAction {
  readonly id: string
  readonly facts: CallFacts
  readonly receipt: ReceiptChoice
  /** The receipt of the service that was called, where one came. */
  readonly called?: CalledSide
  /** The agent that acted: the holder of the link whose key signed, else the word of the span. */
  readonly agent: string
  readonly tool: string
  readonly audience: string
  readonly task?: string
  readonly chain?: string
  readonly link?: string
  readonly actionHash?: string
  readonly principal?: string
  readonly credential?: string
  /** What it was done to. */
  readonly resource?: string
  readonly session?: string
  /** What it was for, by the agent's word: a code of the purpose taxonomy. */
  readonly purpose?: string
  /** The principal that the agent says it acted for; `''` for nobody. */
  readonly onBehalfOf?: string
  /** Accepted for where it ran and nothing else. */
  readonly zone: boolean
  /** It changes grants, policies, agents or secrets. */
  readonly control: boolean
  /** Keyed hashes of what it was given and of what it gave back. */
  readonly dataIn: readonly string[]
  readonly dataOut: readonly string[]
  /** What brokers signed about it. */
  readonly credentials: readonly CredentialRecord[]
  /** What is compared with grants. */
  readonly call: Call
  /** NumericDate of the action. */
  readonly at: number
  /** Epoch milliseconds of the action, for the order within one second. */
  readonly moment: number
  /** NumericDate when it was heard of. */
  readonly heardAt: number
  readonly path: Path
  readonly verdict: Verdict
  readonly flags: readonly string[]
  readonly grade: Grade
  readonly effect: 'ok' | 'failed' | 'denied' | 'unknown'
  /** Agents that asked for it, the actor excluded. */
  readonly callers: readonly string[]
  readonly drivers: readonly string[]
  readonly approvals: readonly ApprovalRecord[]
  /** A link of the path asks for an approval before this tool. */
  readonly approvalNeeded: boolean
  readonly decisions: readonly DecisionRecord[]
  readonly citedApprovals: readonly string[]
  readonly citedDecisions: readonly string[]
  /** Nothing that is missing can still come. */
  readonly settled: boolean
  /** Epoch milliseconds when that is so at the latest. */
  readonly settlesAt: number
}

/** Stands for an actor that neither signed text nor the span names. */
export const UNKNOWN_AGENT = 'unknown'

/** Judges one action. Undefined where nothing but a stray text names it. */
export function judgeAction(input: ActionInput): JudgedAction | undefined {
  const merged = mergeCalls(input.calls)
  const byService = Map.groupBy(input.receipts, isServiceSigned)
  const receipt = chooseReceipt(byService.get(false) ?? [], input)
  const called = calledSide(byService.get(true) ?? [], input)
  const calledClaims = called?.outcome.state === 'ok' ? called.claims : undefined
  // An agent that keeps its receipt to itself does not keep the service's.
  const claims = receipt.claims ?? calledClaims
  const facts = merged?.facts ?? factsOfReceipt(input.id, claims)
  if (facts === undefined) return undefined

  const link = claims?.aat_hash ?? facts.link
  const path = link === undefined ? NO_PATH : pathTo(link, input.links)
  const leaf = path.links.at(-1)
  const at = timeOf(facts, claims, merged !== undefined)
  const heardAt = Math.max(at, Math.floor(input.learnedAt / 1000))
  const moment = momentOfAction(facts, at)
  const agent = actorOf(leaf, receipt, facts)
  const call = callOf(facts, claims, () => [
    ...input.receipts.map(({ text }) => text),
    ...input.besides,
  ])
  const task =
    claims?.txn ??
    (leaf?.signature === 'missing' ? facts.task : undefined) ??
    leaf?.task ??
    facts.task
  const session = claims?.session ?? facts.session
  const callers = callersOf(leaf, claims?.drivers ?? facts.drivers, facts, agent)
  const settlesAt = facts.startedAt + input.pendingWindow

  const chain = link === undefined ? NOT_APPLICABLE : chainOutcome(path, at)
  const own = receipt.claims
  const possession = possessionOutcome(receipt, facts, own, at, merged !== undefined, leaf)
  const approval = judgeApprovals(input.approvals, {
    ...{ call, facts, claims, leaf, path, agent, task, session, at, moment },
  })
  const above = path.links.map(({ delegator }) => delegator)
  const decisions = input.decisions.filter((record) =>
    isFor(record, { call, agent, task, moment, callers: [...callers, ...above] }),
  )
  const decision = judgeDecision(decisions)
  const word = facts.assertedEffect ?? wordOf(input.receipts)
  const effect = effectOf(own, calledClaims, decision, word)
  const sides = agreement(own, calledClaims)
  const credential = claims?.credential ?? facts.credential
  const verdict: Verdict = {
    chain,
    possession,
    identity: identityOutcome(leaf?.holderThumbprint ?? receipt.thumbprint, agent, at, input),
    status: judgeStatus(path, { at, heardAt, moment }, input.revocations, input.statusLists),
    action: actionOutcome(path, call, facts, claims, input.sums),
    approval: approval.outcome,
    decision,
    effect: effectOutcome(effect, sides, own ?? calledClaims, word),
  }
  return {
    id: input.id,
    facts,
    receipt,
    ...(called === undefined ? {} : { called }),
    agent,
    tool: call.tool,
    audience: claims?.aat_aud ?? facts.audience ?? '',
    credentials: input.credentials.filter((record) => record.credential === credential),
    call,
    at,
    moment,
    heardAt,
    path,
    verdict,
    flags: flagsOf(merged, receipt, path, facts, leaf, [
      ...approval.flags,
      ...sideFlags(sides, own, calledClaims),
      ...decisionFlags(decisions),
      ...credentialFlags(
        input.credentials,
        { credential, task, tool: call.tool, at, moment },
        input.registry,
      ),
    ]),
    grade: gradeOf(chain, possession, link, facts, path),
    effect,
    callers,
    drivers: claims?.drivers ?? facts.drivers,
    approvals: approval.records,
    approvalNeeded: approval.needed,
    decisions,
    zone: claims?.zone ?? facts.zone ?? false,
    control: claims?.control ?? facts.control ?? false,
    dataIn: claims?.data_in ?? facts.dataIn ?? [],
    dataOut: claims?.data_out ?? facts.dataOut ?? [],
    citedApprovals: input.citedApprovals,
    citedDecisions: input.citedDecisions,
    settled: isSettled(verdict) || input.now >= settlesAt,
    settlesAt,
    ...defined({
      task,
      chain: path.complete ? path.links[0]?.hash : facts.chain,
      link,
      actionHash: claims?.action_hash ?? facts.actionHash,
      principal: leaf?.principal,
      credential,
      resource: claims?.resource ?? facts.resource,
      session,
      purpose: claims?.purpose ?? facts.purpose,
      onBehalfOf: claims?.on_behalf_of ?? facts.onBehalfOf,
    }),
  }
}

const NO_PATH: Path = { links: [], complete: true }

/** Where one side says that it was done, it was done. */
function effectOf(
  acting: ReceiptClaims | undefined,
  called: ReceiptClaims | undefined,
  decision: Outcome,
  word: JudgedAction['effect'] | undefined,
): JudgedAction['effect'] {
  // Never from the span's status alone: an unapproved call can end OK.
  const ends = [acting?.result.status, called?.result.status]
  for (const end of ['ok', 'failed', 'denied'] as const) if (ends.includes(end)) return end
  if (word !== undefined) return word
  return decision.state === 'failed' ? 'denied' : 'unknown'
}

/**
 * How it ended by receipts that prove nothing. Somebody's word that it came to nothing is no proof that
 * it did not, but nobody says that it happened either.
 */
function wordOf(receipts: readonly SignedEvidence[]): 'failed' | 'denied' | undefined {
  const ends = receipts.map(({ text }) => {
    const result = claimsOf(text)?.['result']
    return typeof result === 'object' && result !== null
      ? (result as Record<string, unknown>)['status']
      : undefined
  })
  if (ends.includes('ok')) return undefined
  return (['failed', 'denied'] as const).find((end) => ends.includes(end))
}

function effectOutcome(
  effect: JudgedAction['effect'],
  sides: Agreement,
  claims: ReceiptClaims | undefined,
  word: JudgedAction['effect'] | undefined,
): Outcome {
  if (sides === 'disagree') return outcomeOf('effect_disagrees')
  if (effect === 'unknown') return outcomeOf('effect_unknown')
  const told = claims !== undefined && claims.result.status !== 'unknown'
  return !told && word !== undefined ? outcomeOf('signature_missing') : OK
}

/** The span knows the place within the second, the receipt vouches for the second. */
function momentOfAction(facts: CallFacts, at: number): number {
  return Math.floor(facts.startedAt / 1000) === at ? facts.startedAt : at * 1000
}

function sideFlags(
  sides: Agreement,
  acting: ReceiptClaims | undefined,
  called: ReceiptClaims | undefined,
): readonly string[] {
  if (sides === 'agree') return ['receipts_agree']
  return called !== undefined && acting === undefined ? ['acting_side_missing'] : []
}

function gradeOf(
  chain: Outcome,
  possession: Outcome,
  link: string | undefined,
  facts: CallFacts,
  path: Path,
): Grade {
  if (possession.state === 'ok' && (chain.state === 'ok' || link === undefined)) return 'proven'
  if (link !== undefined && chain.state === 'ok') return 'signed'
  // A chain that fails for what it grants is still signed by its holders, where they did sign it.
  const unsigned = path.links.some(({ signature }) => signature === 'missing')
  if (possession.state === 'ok' && !unsigned && (chain.state === 'failed' || isOther(chain)))
    return 'signed'
  return facts.instrumented ? 'asserted' : 'observed'
}

/** The chain is of another kind: its holder signed the receipt, and no chain of ours holds. */
function isOther(chain: Outcome): boolean {
  return chain.state === 'unknown' && chain.code === 'other_profile'
}

/**
 * Signed text wins: the agent whose registered key signed the receipt, then the holder of the link. Of
 * two words that nobody signed the one about the call itself counts.
 */
function actorOf(leaf: PathLink | undefined, receipt: ReceiptChoice, facts: CallFacts): string {
  const unsigned = leaf?.signature === 'missing' ? facts.agent : undefined
  return receipt.agent ?? unsigned ?? leaf?.delegate ?? facts.agent ?? UNKNOWN_AGENT
}

function callersOf(
  leaf: PathLink | undefined,
  drivers: readonly string[],
  facts: CallFacts,
  agent: string,
): string[] {
  const handed = leaf !== undefined && leaf.parent !== undefined && !isForeign(leaf)
  const delegator = handed ? leaf.delegator : undefined
  const named = [...drivers.filter(isAgentId), delegator, facts.delegator]
  const callers = named.filter((id): id is string => id !== undefined && id !== agent)
  return [...new Set(callers)].sort()
}

/** Drivers are agent ids, which are URIs, or 43-character hashes of data. */
export function isAgentId(driver: string): boolean {
  return driver.includes(':')
}

export function isDataHash(driver: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(driver)
}

/** As the agent tells it; what it keeps to itself another text about the call may show. */
function callOf(
  facts: CallFacts,
  claims: ReceiptClaims | undefined,
  texts: () => readonly (string | undefined)[],
): Call {
  const tool = claims?.aat_tool ?? facts.tool ?? facts.name
  const args = claims?.args ?? parsedArgs(facts.args)
  const argNames = claims?.arg_names ?? facts.argNames
  const named = argNames === undefined ? {} : { argNames }
  if (args !== undefined) return callWith(tool, { args, ...named })
  const hash = claims?.action_hash ?? facts.actionHash
  const audience = claims?.aat_aud ?? facts.audience ?? ''
  const shown = hash && shownArguments(texts(), { tool, audience, actionHash: hash })
  return callWith(tool, { ...named, ...shown })
}

function parsedArgs(text: string | undefined): Call['args'] {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const args = value as NonNullable<Call['args']>
    // What has no canonical form (half a character, a number without end, a bottomless list) is withheld.
    canonicalize({ ...args })
    return args
  } catch {
    return undefined
  }
}

function timeOf(facts: CallFacts, claims: ReceiptClaims | undefined, spanSeen: boolean): number {
  const started = Math.floor(facts.startedAt / 1000)
  if (claims === undefined) return started
  return !spanSeen || Math.abs(claims.iat - started) <= SPAN_DISTANCE ? claims.iat : started
}

function flagsOf(
  merged: { readonly disagree: boolean } | undefined,
  receipt: ReceiptChoice,
  path: Path,
  facts: CallFacts,
  leaf: PathLink | undefined,
  approvalFlags: readonly string[],
): string[] {
  const flags = new Set<string>(approvalFlags)
  if (merged === undefined) flags.add('span_absent')
  const otherAgent =
    leaf !== undefined && facts.agent !== undefined && facts.agent !== leaf.delegate
  const otherArgs = argsDiffer(facts, receipt.claims)
  if (merged?.disagree === true || otherAgent || otherArgs) flags.add('attribute_disagrees')
  if (receipt.conflict) flags.add('jti_conflict')
  if (facts.idsInvalid) flags.add('ids_invalid')
  for (const link of path.links) for (const flag of link.flags) flags.add(flag)
  return [...flags].sort()
}

/** The span shows other values than the receipt: the signed ones are judged. */
function argsDiffer(facts: CallFacts, claims: ReceiptClaims | undefined): boolean {
  const shown = parsedArgs(facts.args)
  if (shown === undefined || claims?.args === undefined) return false
  return canonicalize({ ...shown }) !== canonicalize(claims.args)
}

/** A part that is unknown because something has not come yet keeps the action open. */
function isSettled(verdict: Verdict): boolean {
  const pending = new Set([
    'chain_incomplete',
    'key_unavailable',
    'receipt_missing',
    'effect_unknown',
  ])
  return !Object.values(verdict).some(
    (outcome) => outcome.state === 'unknown' && pending.has(outcome.code),
  )
}

/** A receipt can outlive its sampled span: it says enough to be judged by itself. */
function factsOfReceipt(id: string, claims: ReceiptClaims | undefined): CallFacts | undefined {
  if (claims === undefined) return undefined
  return {
    trace: claims.trace?.trace_id ?? '',
    span: claims.trace?.span_id ?? '',
    name: claims.aat_tool,
    startedAt: claims.iat * 1000,
    endedAt: claims.iat * 1000,
    statusError: false,
    drivers: [],
    approvals: [],
    decisions: [],
    receipts: [],
    instrumented: true,
    idsInvalid: id.startsWith('unidentified-'),
  }
}

function defined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
