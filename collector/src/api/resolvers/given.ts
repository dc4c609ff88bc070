import type { Role } from '../../access/viewer.ts'
import { may } from '../../access/viewer.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type Forbidden, forbidden, type InvalidArgument, invalidArgument } from '../errors.ts'

const MAX_KEY = 128
const KEY = 'idempotencyKey'

/** Every mutation takes one. */
export function inputOf(args: Args): Args {
  return (args['input'] ?? {}) as Args
}

/** Null is not given. */
export function given<T>(input: Args, name: string): T | undefined {
  return (input[name] ?? undefined) as T | undefined
}

/** The key under which a mutation is applied once. */
export function keyIn(input: Args): string | undefined | InvalidArgument {
  const key = given<string>(input, KEY)
  const fits = key === undefined || (key !== '' && key.length <= MAX_KEY)
  return fits ? key : invalidArgument(`input.${KEY}`, `from 1 to ${MAX_KEY} characters`)
}

export function otherInput(): InvalidArgument {
  return invalidArgument(`input.${KEY}`, 'new for each input: this one came with another before')
}

export function refusedTo(role: Role, { viewer }: ApiContext): Forbidden | undefined {
  return may(viewer, role) ? undefined : forbidden(role)
}
