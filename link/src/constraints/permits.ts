import type { ArgumentMap, Json, ToolGrants } from '../types.ts'
import { accepts } from './accepts.ts'
import { constraintOf, isOpen, mapOf, namesOf } from './argument-map.ts'

/** A concrete call to be judged. */
export interface ToolCall {
  readonly tool: string
  /** The arguments, or only the disclosed ones where `argNames` lists all. Absent: none disclosed. */
  readonly args?: { readonly [name: string]: Json }
  /** Names of all arguments of the call. */
  readonly argNames?: readonly string[]
  /** Without `argNames`: there may be other arguments than these, and nothing is known of them. */
  readonly partial?: boolean
}

export type Coverage =
  | { readonly covered: true }
  | {
      readonly covered: false
      readonly reason:
        | 'tool_not_granted'
        | 'argument_missing'
        | 'argument_not_granted'
        | 'argument_outside'
      readonly argument?: string
    }
  /** Not enough was disclosed to say. */
  | { readonly unknown: 'args_withheld' }

/**
 * Whether grants cover one call. Names are needed beside the disclosed values: a closed map forbids
 * an unnamed argument, and a required one must be present. What is certainly outside is said so
 * even where other arguments are withheld.
 */
export function permits(tools: ToolGrants, call: ToolCall): Coverage {
  const map = mapOf(tools, call.tool)
  if (map === undefined) return { covered: false, reason: 'tool_not_granted' }
  const named = namesOf(map)
  const args = new Map(Object.entries(call.args ?? {}).filter(([, value]) => value !== undefined))
  const names = call.argNames ?? (call.args === undefined ? undefined : args.keys())
  for (const argument of named) {
    const value = args.get(argument)
    const constraint = constraintOf(map, argument)
    if (value !== undefined && constraint !== undefined && !accepts(constraint, value))
      return { covered: false, reason: 'argument_outside', argument }
  }
  if (names === undefined)
    return named.length === 0 ? { covered: true } : { unknown: 'args_withheld' }
  if (call.argNames === undefined && call.partial === true) {
    // A name that is not shown may be one that is not granted, or one that is limited.
    const limited = named.some((argument) => !args.has(argument) && isLimited(map, argument))
    return isOpen(map) && !limited ? { covered: true } : { unknown: 'args_withheld' }
  }
  const passed = new Set([...names, ...args.keys()])
  for (const argument of named)
    if (!passed.has(argument) && constraintOf(map, argument)?.optional !== true)
      return { covered: false, reason: 'argument_missing', argument }
  if (!isOpen(map))
    for (const argument of passed)
      if (constraintOf(map, argument) === undefined)
        return { covered: false, reason: 'argument_not_granted', argument }
  for (const argument of passed) {
    if (!args.has(argument) && isLimited(map, argument)) return { unknown: 'args_withheld' }
  }
  return { covered: true }
}

function isLimited(map: ArgumentMap, argument: string): boolean {
  const constraint = constraintOf(map, argument)
  return constraint !== undefined && constraint.constraint_type !== 'wildcard'
}
