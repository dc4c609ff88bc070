import type { GraphNode, Outcome, Verdict, VerdictPart } from '@delegraph/graph-schema'
import { NOT_APPLICABLE, VERDICT_PARTS } from '@delegraph/graph-schema'
import {
  createLinkMemo,
  decodeUnverified,
  isFault,
  signingInputHash,
  THIRD_PARTY_TYP,
  type ThirdPartyTyp,
  type Trust,
  TYP,
  type Typ,
  textDigest,
  verifyPop,
  verifyRegistry,
} from '@delegraph/link'
import { signedItem } from '../../evidence/extract.ts'
import { claimsOf } from '../../evidence/node.ts'
import type { Evidence, SignedEvidence, SignedKind, StatusEvidence } from '../../evidence/types.ts'
import { type GraphStore, openSqliteStore } from '../../graph/index.ts'
import { registryClaims } from '../../project/registry.ts'
import { step } from '../../project/step.ts'
import { outcomeFrom, type PathLink, pathLinkOf } from '../../verify/path.ts'
import { createRegistry, NO_REGISTRY, type Registry } from '../../verify/registry.ts'
import { statusListIn, thirdPartyOutcome, thirdPartyTyp } from './third-party.ts'

/** One signed text by itself: its type, its id, and whether it holds. */
export interface JudgedText {
  readonly typ: Typ | ThirdPartyTyp | 'unreadable'
  readonly hash: string
  readonly outcome: Outcome
  /** Of a link. */
  readonly signature?: PathLink['signature']
}

/** One call, part by part. */
export interface JudgedCall {
  readonly id: string
  readonly agent: string
  readonly tool: string
  readonly link?: string
  readonly grade: string
  readonly effect: string
  readonly verdict: Verdict
  readonly flags: readonly string[]
  /** Why it was allowed, or where that breaks. */
  readonly authority: string
}

/** What a file with more than a chain proves. */
export interface CaseVerdict {
  readonly texts: readonly JudgedText[]
  readonly calls: readonly JudgedCall[]
  readonly notChecked: readonly string[]
  /** Nothing failed, and nothing that an acceptance rests on is unknown. */
  readonly holds: boolean
}

const KIND_OF: Readonly<Partial<Record<Typ, SignedKind>>> = {
  [TYP.link]: 'link',
  [TYP.receipt]: 'receipt',
  [TYP.approval]: 'approval',
  [TYP.decision]: 'decision',
  [TYP.revocation]: 'revocation',
  [TYP.completion]: 'completion',
  [TYP.credential]: 'credential',
}

const MAX_LINKS = 10_000

/**
 * Judges signed texts of every kind together, in any order, with the code that the collector runs and
 * a graph that lives in memory for as long as it takes: no network, no server, no file.
 */
export async function judgeCase(
  texts: readonly string[],
  trust: Trust,
  at: number,
): Promise<CaseVerdict> {
  const registry = registryOf(texts, trust)
  const evidence = texts.flatMap((text) => evidenceOf(text, at) ?? [])
  await using store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const result = await step(
    store,
    evidence.map((item) => ({ evidence: item, learnedAt: 0 })),
    {
      trust,
      registry: registry.registry,
      memo: createLinkMemo({ max: MAX_LINKS }),
      now: at * 1000,
      pendingWindow: 0,
    },
  )
  await store.write(result)
  const links = await linksOf(store, evidence)
  const judged = await Promise.all(
    texts.map((text) => judgeText(text, { store, links, registry: registry.outcome, trust, at })),
  )
  const calls = await callsOf(store, evidence)
  return {
    texts: judged,
    calls,
    notChecked: notChecked(texts, calls),
    holds: judged.every(({ outcome }) => outcome.state === 'ok') && calls.every(isAccepted),
  }
}

function evidenceOf(text: string, at: number): SignedEvidence | StatusEvidence | undefined {
  const list = statusListIn(text, at)
  if (list !== undefined) return list
  const kind = kindOf(text)
  if (kind === undefined) return undefined
  // A receipt that names no span is a call of its own.
  return signedItem(kind, text, kind === 'receipt' ? `unidentified-${textDigest(text)}` : undefined)
}

function kindOf(text: string): SignedKind | undefined {
  const decoded = decodeUnverified(text)
  if (!isFault(decoded)) return KIND_OF[decoded.typ]
  return thirdPartyTyp(text) === THIRD_PARTY_TYP.workloadIdentity ? 'identity' : undefined
}

function registryOf(
  texts: readonly string[],
  trust: Trust,
): { readonly registry: Registry; readonly outcome?: Outcome } {
  const text = texts.find((candidate) => {
    const decoded = decodeUnverified(candidate)
    return !isFault(decoded) && decoded.typ === TYP.registry
  })
  if (text === undefined) return { registry: NO_REGISTRY }
  const { outcome } = verifyRegistry(text, trust.owners)
  const claims = outcome.state === 'ok' ? registryClaims(text) : undefined
  if (claims === undefined) return { registry: NO_REGISTRY, outcome }
  return { registry: createRegistry(claims.version, claims.iat, claims.entries), outcome }
}

async function linksOf(
  store: GraphStore,
  evidence: readonly Evidence[],
): Promise<Map<string, GraphNode>> {
  const hashes = evidence.flatMap((item) => (item.kind === 'link' ? [item.artefact] : []))
  const nodes = await store.find('Link', 'hash', hashes)
  return new Map(nodes.map((node) => [node.key, node]))
}

/** What single texts are judged by. */
interface CaseContext {
  readonly store: GraphStore
  readonly links: ReadonlyMap<string, GraphNode>
  readonly registry: Outcome | undefined
  readonly trust: Trust
  readonly at: number
}

async function judgeText(text: string, context: CaseContext): Promise<JudgedText> {
  const { links, trust, at } = context
  const decoded = decodeUnverified(text)
  if (isFault(decoded)) {
    const typ = thirdPartyTyp(text)
    const hash = signingInputHash(text) ?? textDigest(text)
    if (typ !== undefined) return { typ, hash, outcome: thirdPartyOutcome(text, trust, at) }
    const outcome: Outcome = { state: 'failed', code: decoded.code }
    return { typ: 'unreadable', hash: textDigest(text), outcome }
  }
  const { typ, hash } = decoded
  const outcome = await outcomeOfText(text, typ, hash, context)
  const link = typ === TYP.link ? links.get(hash) : undefined
  return link === undefined
    ? { typ, hash, outcome }
    : { typ, hash, outcome, signature: pathLinkOf(link).signature }
}

async function outcomeOfText(
  text: string,
  typ: Typ,
  hash: string,
  { store, links, registry }: CaseContext,
): Promise<Outcome> {
  switch (typ) {
    case TYP.link:
      return outcomeFrom(columnOf(links.get(hash), 'outcome'))
    case TYP.registry:
      return registry ?? KEY_MISSING
    case TYP.pop: {
      const named = claimsOf(text)?.['aat_hash']
      const holder = typeof named === 'string' ? links.get(named) : undefined
      const jwk = holder === undefined ? undefined : pathLinkOf(holder).holderKey
      return jwk === undefined ? KEY_MISSING : verifyPop(text, jwk).outcome
    }
    case TYP.receipt:
      return receiptOutcome(text, store)
    default:
      return artefactOutcome(typ, hash, store)
  }
}

const KEY_MISSING: Outcome = { state: 'unknown', code: 'key_unavailable' }

const NODE_OF = {
  [TYP.approval]: 'Approval',
  [TYP.decision]: 'Decision',
  [TYP.revocation]: 'Revocation',
  [TYP.completion]: 'Revocation',
  [TYP.credential]: 'Credential',
} as const

async function artefactOutcome(
  typ: keyof typeof NODE_OF,
  hash: string,
  store: GraphStore,
): Promise<Outcome> {
  const [node] = await store.find(NODE_OF[typ], 'hash', [hash])
  return node === undefined ? KEY_MISSING : outcomeFrom(columnOf(node, 'outcome'))
}

/** A receipt holds where the action it names was judged by it, as the acting or the called side. */
async function receiptOutcome(text: string, store: GraphStore): Promise<Outcome> {
  const [evidence] = await store.find('Evidence', 'artefact', [signingInputHash(text) ?? ''])
  const id = columnOf(evidence, 'action')
  const [action] = id === undefined ? [] : await store.find('Action', 'id', [id])
  const hash = signingInputHash(text)
  if (columnOf(action, 'calledReceipt') === hash) return { state: 'ok' }
  const verdict = verdictOf(action)
  if (verdict === undefined) return KEY_MISSING
  // Without a hash of its own the action says why its receipt proves nothing.
  const own = columnOf(action, 'receipt')
  if (own === undefined || own === hash) return verdict.possession
  return KEY_MISSING
}

async function callsOf(store: GraphStore, evidence: readonly Evidence[]): Promise<JudgedCall[]> {
  const receipts = evidence.flatMap((item) => (item.kind === 'receipt' ? [item] : []))
  const nodes = await store.find(
    'Evidence',
    'artefact',
    receipts.map((item) => item.artefact),
  )
  const ids = [...new Set(nodes.flatMap((node) => columnOf(node, 'action') ?? []))]
  const actions = await store.find('Action', 'id', ids)
  return actions.flatMap((node) => {
    const verdict = verdictOf(node)
    if (verdict === undefined) return []
    const link = columnOf(node, 'link')
    return [
      {
        id: node.key,
        agent: columnOf(node, 'agent') ?? 'unknown',
        tool: columnOf(node, 'tool') ?? '',
        grade: columnOf(node, 'grade') ?? 'observed',
        effect: columnOf(node, 'effect') ?? 'unknown',
        verdict,
        flags: JSON.parse(columnOf(node, 'flags') ?? '[]') as string[],
        authority: sentenceOf(columnOf(node, 'authority')),
        ...(link === undefined ? {} : { link }),
      },
    ]
  })
}

function verdictOf(node: GraphNode | undefined): Verdict | undefined {
  const text = columnOf(node, 'verdict')
  return text === undefined ? undefined : (JSON.parse(text) as Verdict)
}

function sentenceOf(authority: string | undefined): string {
  const parsed = JSON.parse(authority ?? '{}') as { readonly sentence?: string }
  return parsed.sentence ?? ''
}

/** Parts that an acceptance rests on; the others say more where they are known. */
const NEEDED: readonly VerdictPart[] = ['chain', 'possession', 'status', 'action', 'approval']

function isAccepted({ verdict }: JudgedCall): boolean {
  return VERDICT_PARTS.every((part) => {
    const { state } = verdict[part] ?? NOT_APPLICABLE
    return state !== 'failed' && (state !== 'unknown' || !NEEDED.includes(part))
  })
}

/** What a file by itself can never show, and what this one did not bring along. */
function notChecked(texts: readonly string[], calls: readonly JudgedCall[]): string[] {
  const typs = new Set<Typ | ThirdPartyTyp>(
    texts.flatMap((text) => {
      const decoded = decodeUnverified(text)
      return isFault(decoded) ? (thirdPartyTyp(text) ?? []) : [decoded.typ]
    }),
  )
  const missing: string[] = ['whether an approval or a proof was used before']
  if (!typs.has(TYP.revocation)) missing.push('whether a link or a key was withdrawn')
  if (!typs.has(TYP.registry)) missing.push('who owns the agents and what they may do anyway')
  if (calls.some(({ verdict }) => verdict.status.state === 'unknown'))
    missing.push('the status list that the root names, at the time of the call')
  else if (typs.has(THIRD_PARTY_TYP.statusList))
    missing.push('whether the status list was served from where the root says')
  if (!calls.every(({ verdict }) => verdict.identity.state === 'ok'))
    missing.push('whose keys these are, beside the word of the delegator')
  if (!calls.some(({ flags }) => flags.includes('receipts_agree')))
    missing.push('what the other side of each call signed')
  return missing
}

function columnOf(node: GraphNode | undefined, name: string): string | undefined {
  const value = node?.columns[name]
  return typeof value === 'string' ? value : undefined
}
