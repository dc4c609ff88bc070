// Random permissions, narrower ones below them, and calls inside them.
import type { Json, Permission, Where } from '../../eval/format.ts'
import { oneOf, perm, range } from '../story.ts'
import type { Draw } from './draw.ts'

export const OPERATIONS = ['read', 'send', 'pay', 'edit', 'deploy', 'delete'] as const
const TARGETS = ['t-1', 't-2', 't-3', 't-4'] as const
const MOST = 400

/** Every operation has a target and an amount, each free or bounded. */
export function anyScope(draw: Draw): Permission[] {
  const size = 1 + draw.below(3)
  const scope = OPERATIONS.filter(() => draw.chance(40)).slice(0, size)
  return (scope.length === 0 ? [draw.pick(OPERATIONS)] : scope).map((operation) =>
    perm(operation, {
      ...(draw.chance(50) && { target: oneOf(...TARGETS.slice(0, 2 + draw.below(3))) }),
      ...(draw.chance(50) && { amount: range({ min: 0, max: MOST }) }),
    }),
  )
}

export function narrower(draw: Draw, scope: readonly Permission[]): Permission[] {
  return scope
    .filter(() => draw.chance(75))
    .map(({ perm: operation, where }) => perm(operation, narrowerWhere(draw, where)))
}

function narrowerWhere(draw: Draw, where: Where): Where {
  const kept = Object.entries(where).map(([name, limit]): [string, Json] => [
    name,
    draw.chance(60) ? limit : narrowerLimit(draw, limit),
  ])
  const added =
    where['target'] === undefined && draw.chance(15) ? { target: draw.pick(TARGETS) } : {}
  return { ...Object.fromEntries(kept), ...added }
}

/** Inside the limit, now and then in another notation. */
function narrowerLimit(draw: Draw, limit: Json): Json {
  const [first = '', ...rest] = targetsIn(limit)
  if (first !== '') return draw.chance(50) ? first : oneOf(first, ...rest.slice(1))
  const listed = valuesOf(limit)
  if (listed.length > 0) return oneOf(...listed.slice(draw.below(listed.length)))
  const most = mostOf(limit)
  if (draw.chance(40)) return oneOf(...[1, 5, 10, 20].filter((n) => n <= most), most)
  return range({ min: 0, max: Math.max(1, most - draw.below(100)) })
}

/** A call that the permission covers. */
export function callInside(draw: Draw, permission: Permission): Permission {
  const { target, amount } = permission.where
  return perm(permission.perm, {
    target: target === undefined ? draw.pick(TARGETS) : (draw.maybe(targetsIn(target)) ?? 't-1'),
    amount: amount === undefined ? draw.below(MOST) : amountIn(draw, amount),
  })
}

function targetsIn(limit: Json): string[] {
  if (typeof limit === 'string') return [limit]
  return valuesOf(limit).filter((value) => typeof value === 'string')
}

function amountIn(draw: Draw, limit: Json): number {
  const listed = valuesOf(limit).filter((value) => typeof value === 'number')
  return draw.maybe(listed) ?? draw.below(mostOf(limit) + 1)
}

function mostOf(limit: Json): number {
  if (typeof limit === 'number') return limit
  if (typeof limit !== 'object' || limit === null || Array.isArray(limit)) return 0
  if (typeof limit['max'] === 'number') return limit['max']
  return Math.max(...valuesOf(limit).filter((value) => typeof value === 'number'))
}

function valuesOf(limit: Json): Json[] {
  if (typeof limit !== 'object' || limit === null || Array.isArray(limit)) return []
  return Array.isArray(limit['values']) ? limit['values'] : []
}
