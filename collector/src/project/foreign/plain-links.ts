import { outcomeOf } from '@delegraph/graph-schema'
import {
  LIMITS,
  PLAIN_PROFILE,
  type PlainVerdict,
  type Trust,
  unjudgedPlain,
  verifyPlainLink,
} from '@delegraph/link'
import { evidenceOfNode, tokenKey } from '../../evidence/node.ts'
import type { GraphStore } from '../../graph/index.ts'
import type { Projected } from '../artefacts.ts'
import { distinct } from '../nodes.ts'
import { foreignLinkNodes, joined, namedIn } from './foreign-link.ts'
import { plainHolder, plainParent } from './plain-text.ts'

/** Hashes that came as plain tokens: not as links of our profile too, and those that did. */
export interface PlainHashes {
  readonly only: readonly string[]
  readonly both: readonly string[]
}

/**
 * Judges tokens that came as plain ones and not as links, by the rules of the draft and from evidence alone, so
 * that the order of arrival leaves no trace. Above one may stand a link of ours: it is a token too.
 */
export async function projectPlain(
  store: GraphStore,
  { only, both }: PlainHashes,
  trust: Trust,
): Promise<Projected> {
  const hashes = [...only, ...both]
  if (hashes.length === 0) return joined([])
  const arrived = await withAncestors(store, hashes)
  const verdicts = new Map<string, PlainVerdict>()
  const judge = (hash: string, deep: number): PlainVerdict => {
    const known = verdicts.get(hash)
    if (known !== undefined) return known
    const texts = arrived.get(hash)?.texts ?? []
    const parent = plainParent(texts[0])
    const above = parent === undefined || deep === 0 ? undefined : judge(parent, deep - 1)
    const own = texts.map((text) =>
      parent === undefined || above?.link !== undefined
        ? verifyPlainLink(text, above?.link, trust)
        : unjudgedPlain(text),
    )
    const verdict = own.sort((a, b) => rank(b) - rank(a))[0] ?? MISSING
    verdicts.set(hash, verdict)
    return verdict
  }
  const nodesOf = (hash: string) => plainNodes(hash, judge(hash, LIMITS.links), arrived)
  return joined([...only.map(nodesOf), ...both.map((hash) => namedIn(nodesOf(hash), hash))])
}

const MISSING: PlainVerdict = {
  outcome: outcomeOf('chain_incomplete'),
  signature: 'unchecked',
  flags: [],
  problems: [],
}

interface Texts {
  /** Each spelling of the signature once, in order of the text. */
  readonly texts: readonly string[]
  readonly learnedAt: number
}

function plainNodes(
  hash: string,
  verdict: PlainVerdict,
  arrived: ReadonlyMap<string, Texts>,
): Projected {
  const { claims, link, outcome } = verdict
  const text = arrived.get(hash)?.texts[0]
  const parent = plainParent(text)
  const principal = claims?.sub ?? rootIssuer(hash, arrived)
  const giver = parent === undefined ? principal : plainHolder(arrived.get(parent)?.texts[0])
  return foreignLinkNodes({
    key: hash,
    profile: PLAIN_PROFILE,
    grade: verdict.signature === 'valid' ? 'signed' : 'asserted',
    reading: outcome.state === 'ok' && link?.sound === false ? ABOVE : outcome,
    signature: verdict.signature,
    depth: claims?.del_depth ?? 0,
    flags: verdict.flags,
    problems: verdict.problems,
    learnedAt: arrived.get(hash)?.learnedAt ?? 0,
    parent,
    chain: rootOf(hash, arrived),
    maxDepth: claims?.del_max_depth,
    issuer: claims?.iss,
    principal,
    token: claims === undefined ? undefined : tokenKey(claims.iss, claims.jti),
    delegator: giver,
    delegate: plainHolder(text),
    holderKey: link?.holder.jwk,
    holderThumbprint: link?.holder.jkt,
    issuedAt: claims?.iat,
    expiresAt: claims?.exp,
    audience: claims?.audience ?? [],
    tools: claims?.tools,
  })
}

const ABOVE = { state: 'failed', code: 'not_narrower', detail: 'above' } as const

/** The draft knows no principal: where nobody is named it is who issued the root. */
function rootIssuer(hash: string, arrived: ReadonlyMap<string, Texts>): string | undefined {
  const root = rootOf(hash, arrived)
  const text = root === undefined ? undefined : arrived.get(root)?.texts[0]
  return unjudgedPlain(text).claims?.iss
}

function rootOf(hash: string, arrived: ReadonlyMap<string, Texts>): string | undefined {
  let next = hash
  for (let i = 0; i < LIMITS.links; i += 1) {
    const text = arrived.get(next)?.texts[0]
    if (text === undefined) return undefined
    const parent = plainParent(text)
    if (parent === undefined) return next
    next = parent
  }
  return undefined
}

function rank({ outcome, signature }: PlainVerdict): number {
  return (outcome.state === 'ok' ? 2 : 0) + (signature === 'valid' ? 1 : 0)
}

/** The texts of these hashes and of everything above them, whatever they came as. */
async function withAncestors(
  store: GraphStore,
  hashes: readonly string[],
): Promise<Map<string, Texts>> {
  const found = new Map<string, Texts>()
  let wanted = distinct(hashes)
  for (let level = 0; level <= LIMITS.links && wanted.length > 0; level += 1) {
    const nodes = await store.find('Evidence', 'artefact', wanted)
    const items = nodes.flatMap((node) => {
      const item = evidenceOfNode(node)
      const kept = item.kind === 'foreign' || item.kind === 'link' ? item : undefined
      const learnedAt = Number(node.columns['learnedAt'] ?? 0)
      return kept?.text === undefined ? [] : [{ hash: kept.artefact, text: kept.text, learnedAt }]
    })
    for (const [hash, list] of Map.groupBy(items, (item) => item.hash)) {
      found.set(hash, {
        texts: distinct(list.map(({ text }) => text)),
        learnedAt: Math.min(...list.map(({ learnedAt }) => learnedAt)),
      })
    }
    const parents = items.flatMap(({ text }) => plainParent(text) ?? [])
    wanted = distinct(parents).filter((hash) => !found.has(hash))
  }
  return found
}
