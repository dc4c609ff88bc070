import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'

/** The resolvers of one type, by the value that stands for it. */
export type Fields<S> = Readonly<
  Record<string, (source: S, args: Args, context: ApiContext) => unknown>
>

/** Agents and principals are known by name alone; what else is known is loaded where it is asked. */
export interface AgentRef {
  readonly kind: 'Agent'
  readonly id: string
}

export interface PrincipalRef {
  readonly kind: 'Principal'
  readonly id: string
}

/** What the collector writes where it does not know who it was. */
const NOBODY = 'unknown'

/** Undefined where nothing names one: unknown is never shown as somebody called so. */
export function agentRef(id: string | undefined): AgentRef | undefined {
  return id === undefined || id === NOBODY ? undefined : { kind: 'Agent', id }
}

export function principalRef(id: string | undefined): PrincipalRef | undefined {
  return id === undefined || id === NOBODY ? undefined : { kind: 'Principal', id }
}

/** A principal gives at the root of a chain, an agent below it. */
export function partyRef(
  id: string | undefined,
  root: boolean,
): AgentRef | PrincipalRef | undefined {
  return root ? principalRef(id) : agentRef(id)
}
