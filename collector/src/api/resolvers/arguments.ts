import type { GraphNode } from '@delegraph/graph-schema'
import { may } from '../../access/viewer.ts'
import { jsonOf, textsOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'

interface Argument {
  readonly name: string
  readonly disclosed: boolean
  readonly redacted: boolean
  readonly value?: unknown
}

/**
 * What was disclosed of a call, and the names of the arguments that were not. Values are for analysts:
 * whoever may only read sees that there is one.
 */
export function argumentsOf(node: GraphNode, { viewer }: Pick<ApiContext, 'viewer'>): Argument[] {
  const redacted = !may(viewer, 'analyst')
  const disclosed = jsonOf<Readonly<Record<string, unknown>>>(node, 'args') ?? {}
  const names = new Set([...Object.keys(disclosed), ...textsOf(node, 'argNames')])
  return [...names]
    .sort()
    .map((name) =>
      Object.hasOwn(disclosed, name)
        ? { name, disclosed: true, redacted, ...(redacted ? {} : { value: disclosed[name] }) }
        : { name, disclosed: false, redacted: false },
    )
}
