import type { Grade, Outcome } from '@delegraph/graph-schema'
import { judgeCeilings, permits } from '@delegraph/link'
import type { Call } from './call.ts'
import { mayRestOn } from './holds.ts'
import { type Path, type PathLink, pathTo } from './path.ts'
import { serves } from './purpose.ts'
import type { Registry } from './registry.ts'
import { judgeStatus, type RevocationRecord, type StatusLists, type StatusTime } from './status.ts'
import { timeOutcome } from './window.ts'

/** What the question "who could do this" is asked of. */
export interface AuthorityContext {
  readonly links: ReadonlyMap<string, PathLink>
  /** Hashes of the links that an agent holds in the task, by agent. */
  readonly held: ReadonlyMap<string, readonly string[]>
  readonly revocations: readonly RevocationRecord[]
  readonly statusLists: StatusLists
  readonly registry: Registry
}

/** One agent, one call, in one task, for one purpose, at one time. */
export interface AuthQuestion {
  readonly agent: string
  readonly call: Call
  readonly task?: string | undefined
  readonly purpose?: string | undefined
  readonly when: Asked
}

/** The action for which it is asked: its time, its declared purpose, and what its own evidence is worth. */
export type Asked = StatusTime & { readonly grade: Grade; readonly purpose?: string | undefined }

/**
 * The predicate `Auth` of the definition. `unknown` where what is withheld, or a status that nobody
 * answered for, would decide.
 */
export type Auth =
  | { readonly state: 'held'; readonly by: 'public' | 'standing' }
  | { readonly state: 'held'; readonly by: 'chain'; readonly path: Path }
  | { readonly state: 'unknown' }
  | { readonly state: 'none' }

/**
 * Whether an agent had a grant for a call: a public one, its own standing one, or ONE path on which
 * every link covers it. Two paths are never added together, not even below one root.
 */
export function auth(question: AuthQuestion, context: AuthorityContext): Auth {
  const { agent, call, task, purpose, when } = question
  const { registry } = context
  if (registry.isPublic(call)) return { state: 'held', by: 'public' }
  if (registry.standing(agent, call, when.at, task, purpose))
    return { state: 'held', by: 'standing' }
  const paths = heldPaths(agent, task, context)
  const path = paths.find((candidate) => carries(candidate, call, when, context) === true)
  if (path !== undefined) return { state: 'held', by: 'chain', path }
  const open = paths.some((candidate) => carries(candidate, call, when, context) === 'unknown')
  return { state: open ? 'unknown' : 'none' }
}

/** The paths that an agent holds in a task, in the order of their leaves' hashes. */
export function heldPaths(
  agent: string,
  task: string | undefined,
  { held, links }: AuthorityContext,
): Path[] {
  return [...(held.get(agent) ?? [])]
    .sort()
    .map((hash) => pathTo(hash, links))
    .filter((path) => path.links.at(-1)?.task === task)
}

/**
 * Whether one path carries a call at a time: whole, in order, rooted in somebody accountable, within
 * the depth that the registry allows, for this purpose, not withdrawn, and covered by every link of it.
 */
export function carries(
  path: Path,
  call: Call,
  when: Asked,
  context: AuthorityContext,
): boolean | 'unknown' {
  if (!path.complete || !isRooted(path, context.registry)) return false
  return hands(path, call, when, context)
}

/** The same without asking who stands at the root: a hand-on that was signed, if not by whom it should. */
export function hands(
  path: Path,
  call: Call,
  when: Asked,
  context: AuthorityContext,
): boolean | 'unknown' {
  const { registry, revocations, statusLists } = context
  const sound =
    path.links.length > 0 &&
    path.links.every((link) => isSound(link.outcome, when)) &&
    !isTooDeep(path, registry) &&
    serves(path, when.purpose, registry) &&
    timeOutcome(path, when.at).state === 'ok'
  if (!sound) return false
  const status = judgeStatus(path, when, revocations, statusLists)
  if (status.state === 'failed') return false
  const answers = path.links.map((link) => covers(link, call))
  const ceilings = judgeCeilings(budgetsOn(path), call).state
  if (answers.includes(false) || ceilings === 'failed') return false
  const open = answers.includes('unknown') || ceilings === 'unknown' || status.state === 'unknown'
  return open ? 'unknown' : true
}

/** The budgets of each link of a path. */
export function budgetsOn(path: Path) {
  return path.links.map(({ budgets }) => budgets)
}

/** Whether one link's own scope covers a call. */
export function covers(link: PathLink, call: Call): boolean | 'unknown' {
  const answer = permits(link.tools, call)
  return 'unknown' in answer ? 'unknown' : answer.covered
}

/** Somebody accountable signed the root. A registry that names nobody leaves that to the anchors. */
export function isRooted(path: Path, registry: Registry): boolean {
  const [root] = path.links
  if (root === undefined || isUnvouched(root.outcome)) return false
  const principal = principalAtRoot(root, registry)
  if (principal === undefined) return !namesPrincipals(registry)
  return principal === root.principal && isAccountable(principal, registry)
}

/**
 * Who answers for a chain. A signed root says so where its issuer may speak for him; one that is kept for
 * somebody else speaks for that one. Under an unsigned root it is whoever is said to have given it: only
 * services and organisations may name somebody else.
 */
export function principalAtRoot(
  root: Pick<PathLink, 'signature' | 'delegator' | 'principal' | 'issuer'>,
  registry: Registry,
): string | undefined {
  if (!namesPrincipals(registry)) return root.principal
  if (root.signature !== 'missing') {
    const kept = registry.keptFor(root.issuer ?? '')
    const may = root.principal === undefined || kept.includes(root.principal)
    return kept.length === 0 || may ? root.principal : kept[0]
  }
  const kind = registry.principal(root.delegator)?.kind
  return kind === 'service' || kind === 'organisation' ? root.principal : root.delegator
}

/** Somebody whom the registry knows and who still answers for what he grants or approves. */
export function isAccountable(person: string, registry: Registry): boolean {
  return !namesPrincipals(registry) || registry.principal(person)?.disabled === false
}

function namesPrincipals(registry: Registry): boolean {
  return registry.entries.some(({ type }) => type === 'principal')
}

/**
 * A link that is wider than its parent, or outlives it, still hands on what the parent covers in its
 * time, since every link of the path is asked. Who stands at the root is another question.
 */
function isSound(outcome: Outcome, when: Asked): boolean {
  if (mayRestOn(outcome, when)) return true
  if (!('code' in outcome)) return false
  const { code, detail } = outcome
  return (
    code === 'not_narrower' ||
    isUnvouched(outcome) ||
    (code === 'expired' && detail === 'nonmonotonic')
  )
}

function isUnvouched(outcome: Outcome): boolean {
  return outcome.state === 'unknown' && outcome.code === 'issuer_untrusted'
}

/** Whether a link of the path lies deeper than the registry lets chains of its principal be. */
export function isTooDeep(path: Path, registry: Registry): boolean {
  return path.links.some(
    ({ depth, principal }) => depth > (registry.maxDepth(principal) ?? Number.POSITIVE_INFINITY),
  )
}
