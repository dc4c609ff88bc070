import type { Scalar } from '../../graph/index.ts'
import type { Args } from '../connection.ts'
import { type InvalidArgument, invalidArgument } from '../errors.ts'

const MAX_VALUES = 100
const MAX_VALUE = 1024

/** The fields of a filter that are lists of exact values, by their names. Null is not given. */
export function exactValues(
  argument: string,
  where: Args,
  names: readonly string[],
): Record<string, readonly Scalar[]> | InvalidArgument {
  const equals: Record<string, readonly Scalar[]> = {}
  for (const name of names) {
    const values = where[name]
    if (values === undefined || values === null) continue
    if (!isTexts(values)) {
      return invalidArgument(
        `${argument}.${name}`,
        `at most ${MAX_VALUES} values of at most ${MAX_VALUE} characters`,
      )
    }
    equals[name] = values
  }
  return equals
}

function isTexts(values: unknown): values is readonly string[] {
  return (
    Array.isArray(values) &&
    values.length <= MAX_VALUES &&
    values.every((value) => typeof value === 'string' && value.length <= MAX_VALUE)
  )
}

/** The bounds of a filter that were given. */
export function bounds(values: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  )
}
