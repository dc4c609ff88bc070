import type { GraphNode } from '@delegraph/graph-schema'
import { filterOf } from '../../triage/index.ts'
import { intOf, jsonOf, textOf } from '../columns.ts'
import { type Args, type Connection, countOf, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type InvalidArgument, isUserError, throwIfInvalid } from '../errors.ts'
import { fromMilliseconds } from '../instants.ts'
import type { Fields } from './fields.ts'
import { findingPage } from './finding-page.ts'
import { matcherIn } from './matcher.ts'
import { nodeId } from './node-id.ts'

export const suppressionFields: Fields<GraphNode> = {
  nodeId: (rule) => nodeId('Suppression', rule.key),
  id: (rule) => rule.key,
  matcher: (rule) => jsonOf(rule, 'matcher') ?? {},
  reason: (rule) => textOf(rule, 'reason') ?? '',
  owner: (rule) => textOf(rule, 'owner') ?? '',
  createdAt: (rule) => fromMilliseconds(intOf(rule, 'createdAt')),
  until: (rule) => fromMilliseconds(intOf(rule, 'until')),
  endedAt: (rule) => fromMilliseconds(intOf(rule, 'endedAt')),
  endedBy: (rule) => textOf(rule, 'endedBy'),
  active: (rule) => textOf(rule, 'state') === 'active',
  hides: (rule, args, context) => findingPage({ suppressedBy: [rule.key] }, args, context),
}

export async function suppressions(
  _: unknown,
  args: Args,
  { store }: ApiContext,
): Promise<Connection> {
  const { active } = args
  const state = active === true ? ['active'] : active === false ? ['ended'] : undefined
  const listing = {
    name: 'SuppressionConnection',
    of: 'Suppression',
    where: state === undefined ? {} : { equals: { state } },
    orderBy: 'createdAt',
    direction: 'desc',
  } as const
  return throwIfInvalid(await pageOf(store, listing, args))
}

/** What a rule would hide, whatever the state of the findings is. */
export async function previewSuppression(
  _: unknown,
  args: Args,
  { store }: ApiContext,
): Promise<object | InvalidArgument> {
  const matcher = matcherIn(args)
  if (isUserError(matcher)) return matcher
  const where = filterOf(matcher)
  const order = { orderBy: 'raisedAt', direction: 'desc' } as const
  const listing = { name: 'FindingConnection', of: 'Finding', where, ...order } as const
  const findings = await pageOf(store, listing, args)
  if (isUserError(findings)) return findings
  return {
    kind: 'SuppressionPreview',
    matches: await countOf(store, 'Finding', where),
    findings,
  }
}
