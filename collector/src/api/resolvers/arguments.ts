import type { GraphNode } from '@delegraph/graph-schema'
import { jsonOf, textsOf } from '../columns.ts'

interface Argument {
  readonly name: string
  readonly disclosed: boolean
  readonly value?: unknown
}

/** What was disclosed of a call, and the names of the arguments that were not. */
export function argumentsOf(node: GraphNode): Argument[] {
  const disclosed = jsonOf<Readonly<Record<string, unknown>>>(node, 'args') ?? {}
  const names = new Set([...Object.keys(disclosed), ...textsOf(node, 'argNames')])
  return [...names]
    .sort()
    .map((name) =>
      Object.hasOwn(disclosed, name)
        ? { name, disclosed: true, value: disclosed[name] }
        : { name, disclosed: false },
    )
}
