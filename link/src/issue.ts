import { present } from './claim-reader.ts'
import { CONTAINER_CLAIM, DEFAULTS, DETAIL_TYPE, LIMITS, TYP } from './constants.ts'
import type { NarrowingProblem } from './constraints/narrows.ts'
import { LinkError, type LinkErrorCode } from './errors.ts'
import { isFault } from './fault.ts'
import { uuidv7 } from './ids.ts'
import { holderKey, thumbprintUri } from './jwk.ts'
import { signCompact } from './jws.ts'
import { approvalsOf, budgetsOf, type ParsedLink, parseLinkClaims } from './link-claims.ts'
import type { Signer } from './signer.ts'
import type {
  ApprovalRequirements,
  Budgets,
  Json,
  LinkClaims,
  PublicJwk,
  ToolGrants,
} from './types.ts'
import { derivedFault, type RuleFault, rootFault } from './verify/link-rules.ts'

/** A link just signed. */
export interface IssuedLink {
  readonly text: string
  /** SHA-256 of the signing input: the id of the link, and the next one's `par_hash`. */
  readonly hash: string
  readonly claims: LinkClaims
}

/** What every new link says; times are NumericDate, claims have the names of the drafts. */
export interface NewLink {
  readonly signer: Signer
  /** Key of the agent that will hold the link. */
  readonly holder: PublicJwk
  readonly act: LinkClaims['act']
  readonly tools: ToolGrants
  readonly iat: number
  readonly exp?: number
  readonly jti?: string
  readonly del_max_depth?: number
  readonly aud?: LinkClaims['aud']
  readonly tctx?: LinkClaims['tctx']
  readonly may_act?: LinkClaims['may_act']
  readonly scope?: string
  /** Approvals asked for; a derived link inherits its parent's for the tools it keeps. */
  readonly approvals?: ApprovalRequirements
  /** Hash of the link that this one renews. */
  readonly replaces?: string
  /** Bounds on sums; a derived link inherits its parent's for the tools it keeps. */
  readonly budgets?: Budgets
}

export interface NewRoot extends NewLink {
  readonly iss: string
  readonly kid: string
  /** The principal. */
  readonly sub: string
  /** The task; a fresh id where absent. */
  readonly txn?: string
  readonly status?: LinkClaims['status']
  readonly ath?: string
  readonly tth?: string
}

/**
 * Signs a root link under an anchor's key: 1 hour and three more hops unless said otherwise.
 * Throws `LinkError` for claims that no verifier would take.
 */
export function issueLink(root: NewRoot): IssuedLink {
  const claims = {
    iss: root.iss,
    sub: root.sub,
    txn: root.txn ?? uuidv7(root.iat * 1000),
    ...commonClaims(root),
    exp: root.exp ?? root.iat + DEFAULTS.rootLifetime,
    del_depth: 0,
    del_max_depth: root.del_max_depth ?? DEFAULTS.maxDepth,
    ...present({ status: root.status, ath: root.ath, tth: root.tth }),
    ...containerClaim(root),
  }
  const header = { alg: root.signer.alg, kid: root.kid, typ: TYP.link }
  return sign(header, claims, root.signer, (link) => rootFault(link, { iss: root.iss }))
}

/**
 * Signs a link below a parent, under the key of the parent's holder: 15 minutes or what the parent
 * has left, whichever is shorter, unless said otherwise. Principal and task are the parent's.
 * Throws `LinkError` when asked for more than the parent holds: `widens` (with the problems),
 * `outlives`, `too_deep`, `delegate_not_permitted`, `wrong_signer`.
 */
export function narrowLink(parent: Pick<IssuedLink, 'hash' | 'claims'>, link: NewLink): IssuedLink {
  const above = parent.claims
  // A clock that lags behind the parent's issuer must not make the child predate it.
  const iat = Math.max(link.iat, above.iat)
  const claims = {
    iss: thumbprintUri(link.signer.jwk),
    sub: above.sub,
    txn: above.txn,
    ...commonClaims(link),
    iat,
    exp: link.exp ?? Math.min(above.exp, iat + DEFAULTS.derivedLifetime),
    del_depth: above.del_depth + 1,
    del_max_depth: link.del_max_depth ?? above.del_max_depth,
    par_hash: parent.hash,
    ...containerClaim({
      approvals: link.approvals ?? keptEntries(approvalsOf(above), link.tools),
      budgets: link.budgets ?? keptEntries(budgetsOf(above), link.tools),
      replaces: link.replaces,
    }),
  }
  const header = { alg: link.signer.alg, typ: TYP.link }
  const holder = holderKey(above.cnf.jwk)
  return sign(header, claims, link.signer, (parsed) =>
    derivedFault(parsed, { hash: parent.hash, claims: above, holder, parent: undefined }),
  )
}

function commonClaims(link: NewLink) {
  return {
    jti: link.jti ?? uuidv7(link.iat * 1000),
    iat: link.iat,
    act: link.act,
    cnf: { jwk: link.holder },
    authorization_details: [{ type: DETAIL_TYPE, tools: link.tools }],
    ...present({ aud: link.aud, tctx: link.tctx, may_act: link.may_act, scope: link.scope }),
  }
}

function containerClaim({
  approvals,
  budgets,
  replaces,
}: {
  readonly approvals?: ApprovalRequirements | undefined
  readonly budgets?: Budgets | undefined
  readonly replaces?: string | undefined
}) {
  const container = present({
    approvals: unlessEmpty(approvals),
    budgets: unlessEmpty(budgets),
    replaces,
  })
  return Object.keys(container).length === 0 ? {} : { [CONTAINER_CLAIM]: container }
}

function unlessEmpty<Entries extends object>(entries: Entries | undefined): Entries | undefined {
  return entries === undefined || Object.keys(entries).length === 0 ? undefined : entries
}

/** What a parent's entries, tool URI to anything, say of the tools that a child keeps. */
export function keptEntries<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  tools: ToolGrants,
): Readonly<Record<string, Entry>> {
  return Object.fromEntries(
    Object.entries(entries ?? {}).filter(([tool]) => Object.hasOwn(tools, tool)),
  )
}

/** Judges the claims by the verifier's own rules before any signature is made. */
function sign(
  header: { readonly [name: string]: Json },
  payload: object,
  signer: Signer,
  judge: (link: ParsedLink) => RuleFault | undefined,
): IssuedLink {
  const json = payload as Json
  const parsed = parseLinkClaims(json)
  const wrong = isFault(parsed) ? parsed : judge(parsed)
  if (wrong !== undefined) throw refusal(wrong)
  if (isFault(parsed)) throw refusal(parsed)
  const { text, hash } = signCompact(header, json, signer)
  if (text.length > LIMITS.linkSize)
    throw new LinkError('too_large', `a link takes at most ${LIMITS.linkSize} characters`)
  return { text, hash, claims: parsed.claims }
}

function refusal(wrong: RuleFault): LinkError {
  const code = ERROR_OF[wrong.code] ?? 'invalid_claims'
  const problems = wrong.problems ?? []
  const where = problems.map(describe).join('; ') || (wrong.detail ?? wrong.code)
  return new LinkError(code, `${MESSAGES[code]}: ${where}`, { detail: wrong.detail, problems })
}

function describe(problem: NarrowingProblem): string {
  const place = [problem.tool, problem.argument].filter((part) => part !== undefined).join(' ')
  return `${place} ${problem.reason}`.trim()
}

const ERROR_OF: Readonly<Record<string, LinkErrorCode>> = {
  issuer_mismatch: 'wrong_signer',
  not_narrower: 'widens',
  expired: 'outlives',
  lifetime_exceeded: 'lifetime_exceeded',
  depth_invalid: 'too_deep',
  delegate_not_permitted: 'delegate_not_permitted',
}

const MESSAGES: Readonly<Record<LinkErrorCode, string>> = {
  invalid_claims: 'a verifier would refuse these claims',
  invalid_json: 'not canonical JSON',
  invalid_key: 'not a usable key',
  wrong_signer: 'the signer does not hold the parent link',
  widens: 'not inside the parent link',
  outlives: 'the link would outlive or predate its parent',
  lifetime_exceeded: `a link lives at most ${LIMITS.lifetime} seconds`,
  too_deep: 'the parent link allows no further hop of this depth',
  too_large: 'too large',
  delegate_not_permitted: 'the parent link does not name this delegate in may_act',
}
