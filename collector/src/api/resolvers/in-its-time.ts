import type { GraphQLResolveInfo } from 'graphql'
import type { Args } from '../connection.ts'
import { type ApiContext, createContext } from '../context.ts'
import { apiError, type InvalidArgument, invalidArgument, isUserError } from '../errors.ts'

type Resolver = (
  source: unknown,
  args: Args,
  context: ApiContext,
  info: GraphQLResolveInfo,
) => unknown

/** Root fields that can say what was in force, or had happened, at an instant. */
export const VALID_AT: ReadonlySet<string> = new Set([
  'findings',
  'findingGroups',
  'decisions',
  'blastRadius',
  'paths',
  'reachedBy',
  'whatIf',
  'coverage',
  'leastPrivilege',
  'why',
  'policyReplay',
  'snapshot',
])
/** Root fields whose answer has no place for an error. */
export const THROWS: ReadonlySet<string> = new Set([
  'coverage',
  'linkTexts',
  'node',
  'snapshot',
  'suppressions',
])

/**
 * Lets every field below a root field with `asOf` be answered by the graph of that instant, and not by
 * the one of now: the context of a field is that of the root field that it hangs on.
 */
export function inItsTime<Types extends Readonly<Record<string, unknown>>>(types: Types): Types {
  const wrapped = Object.entries(types).map(([type, fields]): [string, unknown] => {
    if (type === 'Subscription' || !isPlainObject(fields)) return [type, fields]
    const around = type === 'Query' ? rootField : innerField
    const entries = Object.entries(fields).map(([name, field]) => [
      name,
      typeof field === 'function' && !name.startsWith('__')
        ? around(name, field as Resolver)
        : field,
    ])
    return [type, Object.fromEntries(entries)]
  })
  return Object.fromEntries(wrapped) as Types
}

function innerField(_: string, field: Resolver): Resolver {
  return (source, args, context, info) =>
    field(source, args, context.earlier.get(rootKey(info)) ?? context, info)
}

function rootField(name: string, field: Resolver): Resolver {
  return async (source, args, context, info) => {
    const asked = await contextAsOf(name, args, context)
    if (isUserError(asked)) {
      if (THROWS.has(name)) throw apiError('INVALID_ARGUMENT', asked.message)
      return asked
    }
    if (asked !== context) context.earlier.set(rootKey(info), asked)
    return field(source, args, asked, info)
  }
}

async function contextAsOf(
  name: string,
  args: Args,
  context: ApiContext,
): Promise<ApiContext | InvalidArgument> {
  const { validAt, knownAt } = (args['asOf'] ?? {}) as Readonly<Record<string, unknown>>
  const [valid, known] = [instant(validAt), instant(knownAt)]
  if (valid === undefined && known === undefined) return context
  if (valid !== undefined && !VALID_AT.has(name))
    return invalidArgument('asOf.validAt', 'left out here: only knownAt can be answered truly')
  const now = context.clock()
  if (known !== undefined && known > now) return invalidArgument('asOf.knownAt', 'in the past')
  const { load: _, renew: __, earlier: ___, ...same } = context
  const { past } = context
  const instants = { validAt: valid ?? known ?? now, knownAt: known ?? now }
  if (known === undefined) return createContext({ ...same, instants })
  if (past === undefined)
    return invalidArgument('asOf.knownAt', 'left out: there is no journal here to tell it from')
  const then = await past(known)
  return 'refused' in then
    ? invalidArgument('asOf.knownAt', `left out: ${then.refused}`)
    : createContext({ ...same, instants, store: then.store })
}

function instant(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** What the root field of a field is called in the answer. */
function rootKey({ path }: Pick<GraphQLResolveInfo, 'path'>): string {
  let place = path
  while (place.prev !== undefined) place = place.prev
  return String(place.key)
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}
