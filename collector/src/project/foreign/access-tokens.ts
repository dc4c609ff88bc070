import { type ForeignReading, type TokenIssuer, verifyAccessToken } from '@delegraph/link'
import { evidenceOfNode, tokenKey } from '../../evidence/node.ts'
import type { ForeignEvidence } from '../../evidence/types.ts'
import type { GraphStore } from '../../graph/index.ts'
import type { Projected } from '../artefacts.ts'
import { distinct } from '../nodes.ts'
import { foreignLinkNodes, joined } from './foreign-link.ts'
import { isPlain } from './plain-text.ts'

/** An OAuth access token whose actors are read as RFC 8693 has them. */
export const TOKEN_PROFILE = 'rfc8693'

/** The node of one hop of a token, 0 next to its principal. */
export function hopKey(artefact: string, depth: number): string {
  return `${TOKEN_PROFILE}:${artefact}:${depth}`
}

/** The hops of the tokens named, each from every presentation of it that has arrived. */
export async function projectAccessTokens(
  store: GraphStore,
  artefacts: readonly string[],
  issuers: readonly TokenIssuer[],
): Promise<Projected> {
  const nodes = await store.find('Evidence', 'artefact', distinct(artefacts))
  const items = nodes.flatMap((node) => {
    const item = evidenceOfNode(node)
    if (item.kind !== 'foreign' || item.form !== 'jwt' || isPlain(item)) return []
    return [{ item, learnedAt: Number(node.columns['learnedAt'] ?? 0) }]
  })
  const byToken = Map.groupBy(items, ({ item }) => item.artefact)
  return joined(
    [...byToken].map(([artefact, list]) => {
      const learnedAt = Math.min(...list.map((entry) => entry.learnedAt))
      return hopNodes(
        artefact,
        bestReading(
          list.map(({ item }) => item),
          issuers,
        ),
        learnedAt,
      )
    }),
  )
}

/** One token as it was presented once. */
export function readToken(
  { text, proof, stripped }: ForeignEvidence,
  issuers: readonly TokenIssuer[],
  at?: number,
): ForeignReading {
  const reading = verifyAccessToken(text, {
    issuers,
    ...(proof === undefined ? {} : { proof }),
    ...(at === undefined ? {} : { request: { at } }),
  })
  return stripped ? { ...reading, flags: [...reading.flags, 'signature_removed'].sort() } : reading
}

/** What was shown once is shown: a copy without its proof takes nothing away. */
function bestReading(
  items: readonly ForeignEvidence[],
  issuers: readonly TokenIssuer[],
): ForeignReading {
  const readings = [...items]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((item) => readToken(item, issuers))
  const best = readings.toSorted((a, b) => rank(b) - rank(a))[0]
  return best ?? verifyAccessToken(undefined, { issuers })
}

function rank({ outcome, grade }: ForeignReading): number {
  return (grade === 'signed' ? 2 : 0) + (outcome.state === 'ok' ? 1 : 0)
}

function hopNodes(artefact: string, reading: ForeignReading, learnedAt: number): Projected {
  const { outcome, hops, issuer, tokenId } = reading
  const invalid = outcome.state === 'failed' && outcome.code === 'signature_invalid'
  const common = {
    profile: TOKEN_PROFILE,
    reading: outcome,
    signature: outcome.state === 'ok' ? 'valid' : invalid ? 'invalid' : 'unchecked',
    learnedAt,
    chain: hopKey(artefact, 0),
    issuer,
    principal: reading.principal,
    token: issuer === undefined || tokenId === undefined ? undefined : tokenKey(issuer, tokenId),
    issuedAt: reading.issuedAt,
    expiresAt: reading.expiresAt,
    audience: reading.audience,
    scopes: reading.scopes,
    flags: reading.flags,
  } as const
  if (hops.length === 0)
    return foreignLinkNodes({ ...common, key: hopKey(artefact, 0), grade: 'asserted', depth: 0 })
  return joined(
    hops.map(({ delegator, delegate, grade }, depth) => {
      const last = depth === hops.length - 1
      return foreignLinkNodes({
        ...common,
        key: hopKey(artefact, depth),
        grade,
        depth,
        delegator,
        delegate,
        parent: depth === 0 ? undefined : hopKey(artefact, depth - 1),
        // Scope and key are those of the token, and so of whoever holds it now.
        tools: last ? reading.tools : undefined,
        holderThumbprint: last ? reading.boundTo : undefined,
      })
    }),
  )
}
