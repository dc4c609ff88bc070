import type { OutcomeCode } from '@delegraph/graph-schema'
import { type NarrowingProblem, narrows } from '@delegraph/link'
import { covers } from '../../verify/auth.ts'
import type { Call } from '../../verify/call.ts'
import { holds } from '../../verify/holds.ts'
import type { PathLink } from '../../verify/path.ts'
import type { Registry } from '../../verify/registry.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { counterfactual } from '../definition/counterfactual.ts'
import { effect } from '../definition/effect.ts'
import { fact } from '../definition/fact.ts'
import {
  type ActionCase,
  type ActionRule,
  type Hit,
  isExecuted,
  type LinkCase,
  type LinkRule,
} from '../rule.ts'

/**
 * D2. A link grants more than the link above it: another tool, a wider argument, a longer life, a
 * greater depth, or a delegate that the parent does not allow; or a renewal grants more than what it
 * renews. Fires on the link, and on each action that used what was widened.
 *
 * A child that is narrower but not provably so (`unproven`) stays a verdict and is no finding.
 * Source: draft-niyikiza-oauth-attenuating-agent-tokens-02, section 4.5; OWASP ASI03.
 *
 * Pattern: MATCH (l:Link)-[:DERIVED_FROM]->(p:Link) WHERE l.outcome STARTS WITH
 * 'failed:not_narrower:widened' RETURN l, p
 */
const SENTENCE = 'A link grants more than the link above it, or than the one that it renews.'

export const widenedLink: LinkRule = {
  id: 'D2',
  on: 'link',
  class: 'inheritance',
  sentence: SENTENCE,
  knowsUse: true,
  check: checkLink,
}

export const widenedUse: ActionRule = {
  id: 'D2',
  on: 'action',
  class: 'inheritance',
  sentence: SENTENCE,
  check: checkAction,
}

const WIDENING: ReadonlyMap<OutcomeCode, string | undefined> = new Map<
  OutcomeCode,
  string | undefined
>([
  ['not_narrower', 'widened'],
  ['expired', 'nonmonotonic'],
  ['lifetime_exceeded', undefined],
  ['delegate_not_permitted', undefined],
])

function checkLink({ link, path, replaced, exercised, registry }: LinkCase): Hit | undefined {
  const problems = renewalProblems(link, replaced)
  const code = wideningOf(link, registry) ?? (problems.length > 0 ? 'not_narrower' : undefined)
  if (code === undefined) return undefined
  const widened = [...link.problems, ...problems].filter(({ detail }) => detail === 'widened')
  if (code === 'not_narrower' && widened.length > 0 && widened.every(isOpen(registry)))
    return undefined
  const above = path.links.at(-2)
  const giver = who(link.delegator)
  const taker = who(link.delegate)
  const base = above ?? replaced
  const tried = exercised.filter((action) =>
    outgrows(code, link, base, { call: action.call, at: action.at / 1000 }),
  )
  const used = tried.filter(isExecuted)
  // Attempts at what was widened that were all blocked are shown as such.
  if (tried.length > 0 && used.length === 0) return undefined
  const extra = [...new Set(widened.flatMap(({ tool }) => tool ?? []))].map(toolName)
  const more = extra.length === 0 ? wordOf(code) : extra.join(', ')
  const first = used[0]
  const held = problems.length > 0 ? 'the link that it renews' : `what ${giver} itself holds`
  return {
    title: `${giver} gave ${taker} more than ${problems.length > 0 ? 'it had before' : 'it held'}: ${more}`,
    facts: [
      fact(`the link from ${giver} to ${taker} fails with ${code}`, 'link', link.hash),
      ...widened
        .slice(0, 1)
        .map(({ tool, reason }) =>
          fact(`${toolName(tool ?? 'scope')}: ${reason.replaceAll('_', ' ')}`, 'link', link.hash),
        ),
      first === undefined
        ? fact('nobody has used it yet', 'link', link.hash)
        : fact(
            `it was used ${used.length === 1 ? 'once' : `${used.length} times`}, first by ${who(first.agent)} for ${toolName(first.tool)}`,
            'action',
            first.id,
          ),
    ],
    gained: link.delegate,
    from: link.delegator,
    source: {
      kind: 'link',
      id: link.parent ?? link.hash,
      holder: link.delegator,
      signature: link.signature,
    },
    culprit: { kind: 'link', id: link.hash },
    counterfactual: `with ${held} ${taker} would have been denied ${more}`,
    remedy: remedyOf(link.delegate, more, widened[0]?.tool, link.task),
    ...(first === undefined
      ? { adjust: [{ by: -1, reason: 'never used' }], unused: true }
      : { action: first.id }),
  }
}

function checkAction(subject: ActionCase): Hit | undefined {
  const { action, context, registry } = subject
  if (!effect(subject)) return undefined
  const { links } = action.path
  const i = links.findIndex((link, n) => {
    const code = wideningOf(link, registry)
    const base = links[n - 1] ?? replacedBy(link, context.links)
    const renews = renewalProblems(link, replacedBy(link, context.links)).length > 0
    return (
      (code !== undefined && outgrows(code, link, base, action)) ||
      (renews && outgrows('not_narrower', link, replacedBy(link, context.links), action))
    )
  })
  const link = links[i]
  if (link === undefined) return undefined
  const code = wideningOf(link, registry) ?? 'not_narrower'
  const giver = who(link.delegator)
  const taker = who(link.delegate)
  const doer = who(action.agent)
  const does = what(action.call)
  const source = {
    kind: 'link',
    id: link.hash,
    holder: link.delegator,
    signature: link.signature,
  } as const
  return {
    title: `${doer} did ${does} on more than ${giver} had to give to ${taker}`,
    facts: [
      fact(
        `the link from ${giver} to ${taker} covers ${does}, and what it comes from does not`,
        'link',
        link.hash,
      ),
      fact(`the check that failed is ${code}`, 'link', link.hash),
      fact(`${doer} used it`, 'action', action.id),
    ],
    gained: action.agent,
    from: link.delegator,
    source,
    culprit: { kind: 'link', id: link.hash },
    counterfactual: counterfactual(action.agent, subject, source),
    remedy: remedyOf(link.delegate, toolName(action.tool), action.tool, action.task),
    rests: link.signature === 'missing' ? ['asserted'] : [],
  }
}

/** Whether a call is one that the link is too wide for, and not one that it could have passed on. */
function outgrows(
  code: OutcomeCode,
  link: PathLink,
  base: PathLink | undefined,
  { call, at }: { readonly call: Call; readonly at: number },
): boolean {
  if (code === 'not_narrower') {
    return covers(link, call) === true && base !== undefined && covers(base, call) === false
  }
  if (code === 'expired') return base?.expiresAt !== undefined && at >= base.expiresAt
  return true
}

/** Everybody may do what it adds, whatever the arguments: nothing was to be gained by it. */
function isOpen(registry: Registry): (problem: NarrowingProblem) => boolean {
  return ({ tool }) => tool !== undefined && registry.isPublic({ tool, args: {} })
}

/** In what a renewal is wider than what it renews; more time is what it is for. */
function renewalProblems(link: PathLink, replaced: PathLink | undefined): NarrowingProblem[] {
  if (replaced === undefined) return []
  const result = narrows(replaced.tools, link.tools)
  return result.ok ? [] : result.problems.filter(({ detail }) => detail === 'widened')
}

function replacedBy(link: PathLink, links: ReadonlyMap<string, PathLink>): PathLink | undefined {
  const replaced = link.replaces === undefined ? undefined : links.get(link.replaces)
  return replaced?.arrived === true ? replaced : undefined
}

function remedyOf(
  holder: string,
  more: string,
  tool: string | undefined,
  task: string | undefined,
) {
  return {
    kind: 'link',
    sentence: `a root link that grants ${more} to ${who(holder)}, from a principal who holds it`,
    holder,
    ...(tool === undefined ? {} : { tool }),
    ...(task === undefined ? {} : { task }),
  } as const
}

/** The code by which a link is too wide: its own, or that of a limit that the registry sets. */
export function wideningOf(link: PathLink, registry: Registry): OutcomeCode | undefined {
  const { outcome } = link
  if (outcome.state === 'failed' && isWidening(outcome.code, outcome.detail)) return outcome.code
  const maxDepth = registry.maxDepth(link.principal)
  const stands = holds(outcome) || (outcome.state === 'failed' && outcome.code === 'not_narrower')
  const tooDeep = maxDepth !== undefined && link.depth > maxDepth && stands
  return tooDeep ? 'depth_invalid' : undefined
}

/** Whether an outcome of a link is a widening, and not a forgery or a lapse. */
function isWidening(code: OutcomeCode, detail: string | undefined): boolean {
  if (code === 'depth_invalid') return detail !== 'position'
  if (!WIDENING.has(code)) return false
  const wanted = WIDENING.get(code)
  return wanted === undefined || detail === wanted
}

function wordOf(code: OutcomeCode): string {
  if (code === 'expired') return 'a longer life'
  if (code === 'lifetime_exceeded') return 'a longer life than its anchor allows'
  if (code === 'depth_invalid') return 'a greater depth'
  return 'a delegate that was not allowed'
}
