import { type Asking, openAsking, type Snapshot } from '../../../questions/asking.ts'
import type { Args, Count } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { type InvalidArgument, invalidArgument } from '../../errors.ts'
import { fromMilliseconds } from '../../instants.ts'
import type { Fields } from '../fields.ts'

/** The graph and the instants that a question is asked of. */
export function askingIn(context: ApiContext): Promise<Asking> {
  const now = context.clock()
  const { store, pendingWindow, zones, instants = { validAt: now, knownAt: now } } = context
  return openAsking(store, { ...instants, pendingWindow, zones })
}

/** Epoch milliseconds; the beginning where it is absent. */
export function sinceIn(args: Args): number {
  const { since } = args
  return typeof since === 'number' ? since : 0
}

const MAX_ID = 1024

/** An id of the contract, or what is wrong with it. */
export function idIn(value: unknown, argument: string): string | InvalidArgument {
  const id = String(value)
  return id === '' || id.length > MAX_ID
    ? invalidArgument(argument, `from 1 to ${MAX_ID} characters`)
    : id
}

export function count(value: number, approximate: boolean): Count {
  return { value, approximate }
}

export const snapshotFields: Fields<Snapshot> = {
  validAt: ({ validAt }) => fromMilliseconds(validAt),
  knownAt: ({ knownAt }) => fromMilliseconds(knownAt),
}
