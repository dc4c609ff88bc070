import type { Role } from '../../access/viewer.ts'
import { may } from '../../access/viewer.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { type Forbidden, forbidden, type InvalidArgument, invalidArgument } from '../errors.ts'

const MAX_KEY = 128
export const KEY = 'idempotencyKey'
export const KEY_OF_INPUT = `input.${KEY}`

/** Null is not given. */
export function given<T>(input: Args, name: string): T | undefined {
  return (input[name] ?? undefined) as T | undefined
}

/** The key under which a mutation is applied once. */
export function keyIn(args: Args, argument = KEY): string | undefined | InvalidArgument {
  const key = given<string>(args, KEY)
  const fits = key === undefined || (key !== '' && key.length <= MAX_KEY)
  return fits ? key : invalidArgument(argument, `from 1 to ${MAX_KEY} characters`)
}

export function otherInput(argument: string): InvalidArgument {
  return invalidArgument(argument, 'new for each input: this one came with another before')
}

export function refusedTo(role: Role, { viewer }: ApiContext): Forbidden | undefined {
  return may(viewer, role) ? undefined : forbidden(role)
}
