import type { OutcomeCode } from '@delegraph/graph-schema'
import { holds } from '../../verify/holds.ts'
import type { PathLink } from '../../verify/path.ts'
import type { Registry } from '../../verify/registry.ts'
import { toolName, who } from '../../verify/words.ts'
import type { Hit, LinkCase, LinkRule } from '../rule.ts'

/**
 * D2. A link grants more than the link above it: another tool, a wider argument, a longer life, a
 * greater depth, or a delegate that the parent does not allow.
 *
 * A child that is narrower but not provably so (`unproven`) stays a verdict and is no finding.
 * Source: draft-niyikiza-oauth-attenuating-agent-tokens-02, section 4.5; OWASP ASI03.
 *
 * Pattern: MATCH (l:Link)-[:DERIVED_FROM]->(p:Link) WHERE l.outcome STARTS WITH
 * 'failed:not_narrower:widened' RETURN l, p
 */
export const scopeWidening: LinkRule = {
  id: 'D2',
  on: 'link',
  class: 'inheritance',
  sentence: 'A link grants more than the link above it.',
  check,
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

function check({ link, exercised, registry }: LinkCase): Hit | undefined {
  const code = wideningOf(link, registry)
  if (code === undefined) return undefined
  const giver = who(link.delegator)
  const taker = who(link.delegate)
  const used = exercised.filter((action) => action.effect === 'ok' || action.effect === 'unknown')
  const widened = link.problems.filter((problem) => problem.detail === 'widened')
  const extra = [...new Set(widened.flatMap((problem) => problem.tool ?? []))].map(toolName)
  const more = extra.length === 0 ? wordOf(code) : extra.join(', ')
  const first = used[0]
  return {
    title: `${giver} gave ${taker} more than it held: ${more}`,
    facts: [
      `the link from ${giver} to ${taker} fails with ${code}`,
      ...widened
        .slice(0, 1)
        .map(({ tool, reason }) => `${toolName(tool ?? 'scope')}: ${reason.replaceAll('_', ' ')}`),
      first === undefined
        ? 'nobody has used it yet'
        : `it was used ${used.length === 1 ? 'once' : `${used.length} times`}, first by ${who(first.agent)} for ${toolName(first.tool)}`,
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
    counterfactual: `with what ${giver} itself holds, ${taker} would have been denied ${more}`,
    remedy: {
      kind: 'link',
      sentence: `a root link that grants ${more} to ${taker}, from a principal who holds it`,
      holder: link.delegate,
      ...(widened[0]?.tool === undefined ? {} : { tool: widened[0].tool }),
      ...(link.task === undefined ? {} : { task: link.task }),
    },
    ...(used.length === 0 ? { adjust: [{ by: -1, reason: 'never used' }] } : {}),
  }
}

/** The code by which a link is too wide: its own, or that of a limit that the registry sets. */
export function wideningOf(link: PathLink, registry: Registry): OutcomeCode | undefined {
  const { outcome } = link
  if (outcome.state === 'failed' && isWidening(outcome.code, outcome.detail)) return outcome.code
  const maxDepth = registry.maxDepth(link.principal)
  const tooDeep = maxDepth !== undefined && link.depth > maxDepth && holds(outcome)
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
