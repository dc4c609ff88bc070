import type { ArgumentMap, Constraint, Json } from '@delegraph/link'

/** The grant that allows these arguments, as canonical JSON, and no others of those that were disclosed. */
export function exactly(args: string | undefined): ArgumentMap {
  const values = Object.entries(JSON.parse(args ?? '{}') as Record<string, Json>)
  return {
    ...Object.fromEntries(values.map(([name, value]) => [name, only(value)])),
    '*': { constraint_type: 'wildcard' },
  }
}

function only(value: Json): Constraint {
  return value === null || typeof value !== 'object'
    ? { constraint_type: 'exact', value }
    : { constraint_type: 'one_of', values: [value] }
}
