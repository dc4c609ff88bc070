import { DETECTORS } from '@delegraph/graph-schema'
import type { Filter } from '../../graph/index.ts'
import type { Args, Listing } from '../connection.ts'
import { type InvalidArgument, invalidArgument, isUserError } from '../errors.ts'
import { bounds, exactValues } from './exact-values.ts'

/** Fields of `FindingFilter` that are lists of exact values of the column of the same name. */
const LISTS = [
  'rule',
  'state',
  'class',
  'certainty',
  'grade',
  'agent',
  'from',
  'tool',
  'resource',
  'chain',
  'task',
  'action',
  'link',
  'incident',
  'fingerprint',
  'series',
  'culprit',
  'triage',
  'assignee',
  'reason',
] as const

/** What the store is asked for a `FindingFilter`, or what is wrong with it. */
export function findingFilter(where: Args): Filter | InvalidArgument {
  const equals = exactValues('where', where, LISTS)
  if (isUserError(equals)) return equals
  const unknown = (equals['rule'] ?? []).find((rule) => !Object.hasOwn(DETECTORS, String(rule)))
  if (unknown !== undefined) {
    return invalidArgument('where.rule', `of ${Object.keys(DETECTORS).join(', ')}`)
  }
  for (const name of ['pages', 'suppressed'] as const) {
    const value = where[name]
    if (typeof value === 'boolean') equals[name] = [value]
  }

  const severity = where['severityAtLeast']
  if (typeof severity === 'number' && (severity < 1 || severity > 5)) {
    return invalidArgument('where.severityAtLeast', 'from 1 to 5')
  }
  return {
    equals,
    min: bounds({
      severity,
      raisedAt: where['raisedAfter'],
      at: where['happenedAfter'],
    }),
    max: bounds({
      raisedAt: justBefore(where['raisedBefore']),
      at: justBefore(where['happenedBefore']),
    }),
  }
}

/** What `where` and `orderBy` ask of the store; what had not happened by `validAt`, epoch milliseconds, is left out. */
export function findingListing(args: Args, validAt?: number): Listing | InvalidArgument {
  const where = findingFilter((args['where'] ?? {}) as Args)
  if (isUserError(where)) return where
  return {
    name: 'FindingConnection',
    of: 'Finding',
    where: validAt === undefined ? where : happenedBy(where, validAt),
    ...findingOrder(args['orderBy']),
  }
}

function happenedBy(where: Filter, validAt: number): Filter {
  const at = Math.min(validAt, where.max?.['at'] ?? validAt)
  return { ...where, max: { ...where.max, at } }
}

type FindingListing = Pick<Listing, 'orderBy' | 'direction'>

const ORDER_COLUMNS: Readonly<Record<string, string>> = {
  raised_at: 'raisedAt',
  happened_at: 'at',
  severity: 'severity',
  urgency: 'urgency',
}

export function findingOrder(orderBy: unknown): FindingListing {
  const { field, direction } = (orderBy ?? {}) as Args
  return {
    orderBy: ORDER_COLUMNS[String(field)] ?? 'raisedAt',
    direction: direction === 'asc' ? 'asc' : 'desc',
  }
}

/** The store's upper bound is inclusive, the contract's is not. */
function justBefore(value: unknown): number | undefined {
  return typeof value === 'number' ? value - 1 : undefined
}
