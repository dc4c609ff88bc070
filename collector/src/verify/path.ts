import type { Grade, GraphNode, Outcome } from '@delegraph/graph-schema'
import {
  type ApprovalRequirement,
  type Budgets,
  type NarrowingProblem,
  PROFILE,
  type PublicJwk,
  type ToolGrants,
} from '@delegraph/link'

/** One link as the judges of actions need it: read back from the graph, already verified. */
export interface PathLink {
  readonly hash: string
  /** What kind of delegation it is: ours, or one that is shown and grants nothing here. */
  readonly profile: string
  readonly grade: Grade
  readonly parent?: string
  readonly depth: number
  /** Outcome of the path down to this link, without time, audience and status. */
  readonly outcome: Outcome
  readonly signature: 'valid' | 'invalid' | 'unchecked' | 'missing'
  /** Who gave: the principal at the root, the holder of the parent below it. */
  readonly delegator: string
  /** Who holds it. */
  readonly delegate: string
  readonly principal?: string
  readonly issuer?: string
  readonly task?: string
  readonly token?: string
  readonly purpose?: string
  /** Hash of the link that it renews. */
  readonly replaces?: string
  /** The deepest link that may follow it. */
  readonly maxDepth?: number
  /** Its depth by the word of a span or record, where that is not the signed one. */
  readonly reportedDepth?: number
  /** The link that it is said to lie under, where that is not the signed parent: a splice. */
  readonly reportedParent?: string
  readonly tools: ToolGrants
  readonly audience: readonly string[]
  readonly approvals: Readonly<Record<string, ApprovalRequirement>>
  /** Bounds on sums of arguments. */
  readonly budgets?: Budgets
  readonly holderKey?: PublicJwk
  readonly holderThumbprint?: string
  /** Thumbprint of the trusted key that the root was signed with. */
  readonly anchorThumbprint?: string
  /** Where a root says that its status can be asked. */
  readonly status?: { readonly idx: number; readonly uri: string }
  /** NumericDate. */
  readonly issuedAt?: number
  readonly expiresAt?: number
  /** Epoch milliseconds of its signing, for the order within one second. */
  readonly moment?: number
  readonly problems: readonly NarrowingProblem[]
  readonly flags: readonly string[]
  /** False for a link that others name and that has not arrived. */
  readonly arrived: boolean
}

/** A path from its root to a leaf. `complete` is false where a link above has not arrived. */
export interface Path {
  readonly links: readonly PathLink[]
  readonly complete: boolean
}

const MAX_LINKS = 16

/** Follows parents from a leaf. A cycle or an endless path ends as an incomplete one. */
export function pathTo(leaf: string, links: ReadonlyMap<string, PathLink>): Path {
  const found: PathLink[] = []
  let next: string | undefined = leaf
  while (next !== undefined && found.length < MAX_LINKS) {
    const link = links.get(next)
    if (link === undefined || !link.arrived) return { links: found.reverse(), complete: false }
    if (found.includes(link)) return { links: found.reverse(), complete: false }
    found.push(link)
    next = link.parent
  }
  return { links: found.reverse(), complete: next === undefined }
}

/** The link that a graph node holds. */
export function pathLinkOf(node: GraphNode): PathLink {
  const c = node.columns
  const text = (name: string): string | undefined => {
    const value = c[name]
    return typeof value === 'string' ? value : undefined
  }
  const int = (name: string): number | undefined => {
    const value = c[name]
    return typeof value === 'number' ? value : undefined
  }
  const extra = parsed<{
    delegator?: string
    holderKey?: PublicJwk
    anchor?: string
    status?: { idx: number; uri: string }
    moment?: number
  }>(text('verdict'), {})
  const optional = {
    parent: text('parent'),
    principal: text('principal'),
    issuer: text('issuer'),
    task: text('task'),
    token: text('token'),
    purpose: text('purpose'),
    replaces: text('replaces'),
    maxDepth: int('maxDepth'),
    reportedDepth: int('reportedDepth'),
    reportedParent: text('reportedParent'),
    moment: extra.moment,
    budgets: parsed<Budgets | undefined>(text('budgets'), undefined),
    holderKey: extra.holderKey,
    anchorThumbprint: extra.anchor,
    status: extra.status,
    holderThumbprint: text('holderKey'),
    issuedAt: int('issuedAt'),
    expiresAt: int('expiresAt'),
  }
  return {
    hash: node.key,
    profile: text('profile') ?? PROFILE,
    grade: text('grade') === 'signed' ? 'signed' : 'asserted',
    depth: int('depth') ?? 0,
    outcome: outcomeFrom(text('outcome')),
    signature: (text('signature') as PathLink['signature'] | undefined) ?? 'unchecked',
    delegator: extra.delegator ?? 'unknown',
    delegate: text('agent') ?? 'unknown',
    tools: parsed(text('tools'), {}),
    audience: parsed(text('audience'), []),
    approvals: parsed(text('approvals'), {}),
    problems: parsed(text('problems'), []),
    flags: parsed(text('flags'), []),
    arrived: text('text') !== undefined || text('outcome') !== undefined,
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<PathLink>),
  }
}

/** Whether a link is of another kind than ours: whatever holds in its own, here it grants nothing. */
export function isForeign(link: PathLink | undefined): boolean {
  return link !== undefined && link.profile !== PROFILE
}

/** Reads back what `outcomeText` wrote. */
export function outcomeFrom(text: string | undefined): Outcome {
  if (text === undefined) return { state: 'unknown', code: 'chain_incomplete' }
  const [state, code, ...detail] = text.split(':')
  if (state === 'ok' || state === 'not_applicable') return { state }
  const outcome = { state, code } as Extract<Outcome, { code: unknown }>
  return detail.length === 0 ? outcome : { ...outcome, detail: detail.join(':') }
}

function parsed<T>(text: string | undefined, otherwise: T): T {
  return text === undefined ? otherwise : (JSON.parse(text) as T)
}
