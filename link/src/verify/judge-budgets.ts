import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { budgetsOfTool } from '../constraints/budgets.ts'
import { decimal, isAbove, sum, ZERO } from '../constraints/decimal.ts'
import type { ToolCall } from '../constraints/permits.ts'
import type { Budgets, Json } from '../types.ts'

/** A bound on what the calls of one tool sum up to in one argument. */
export interface Bound {
  /** Which link of the path has it, root first. */
  readonly position: number
  readonly argument: string
  /** Calls under that very link, or under it and all below. */
  readonly scope: 'lifetime' | 'subtree'
  readonly max: number
}

/** The bounds that count for a call under the last link of a path, whose budgets these are. */
export function boundsOn(path: readonly (Budgets | undefined)[], tool: string): readonly Bound[] {
  return path.flatMap((budgets, position) =>
    Object.entries(budgetsOfTool(budgets, tool)).flatMap(([argument, budget]) => {
      const bounds: Bound[] = []
      const { max_lifetime, max_subtree } = budget
      if (max_lifetime !== undefined && position === path.length - 1)
        bounds.push({ position, argument, scope: 'lifetime', max: max_lifetime })
      if (max_subtree !== undefined)
        bounds.push({ position, argument, scope: 'subtree', max: max_subtree })
      return bounds
    }),
  )
}

/** What a call uses of a budget; undefined where that was withheld or is no amount. */
export function amountOf(args: ToolCall['args'], argument: string): number | undefined {
  const value = args !== undefined && Object.hasOwn(args, argument) ? args[argument] : undefined
  return isAmount(value) ? value : undefined
}

/**
 * Whether one call alone stays under every bound of its path. What is no number from 0 up cannot be
 * summed, and neither can what is left out, where the tool puts in a value of its own.
 */
export function judgeCeilings(path: readonly (Budgets | undefined)[], call: ToolCall): Outcome {
  let withheld = false
  for (const { argument, scope, max } of boundsOn(path, call.tool)) {
    const amount = amountOf(call.args, argument)
    if (isWithheld(call, argument)) withheld = true
    else if (amount === undefined) return outcomeOf('ceiling_exceeded', 'amount')
    else if (amount > max) return outcomeOf('ceiling_exceeded', scope)
  }
  return withheld ? outcomeOf('args_withheld') : OK
}

/** Passed, or perhaps passed, and not shown. */
function isWithheld({ args, argNames }: ToolCall, argument: string): boolean {
  if (args !== undefined && Object.hasOwn(args, argument)) return false
  const names = argNames ?? (args === undefined ? undefined : [])
  return names === undefined || names.includes(argument)
}

/** From which of the amounts on a sum is above its bound, and from which on it is not known. */
export interface Crossing {
  readonly exceeded?: number
  readonly unknown?: number
}

/** Adds amounts in their order, exactly as decimals; an unknown one counts as nothing. */
export function crossingOf(amounts: readonly (number | undefined)[], max: number): Crossing {
  const bound = decimal(max)
  let total = ZERO
  let unknown: number | undefined
  for (const [index, amount] of amounts.entries()) {
    if (amount === undefined) unknown ??= index
    else total = sum(total, decimal(amount))
    if (isAbove(total, bound))
      return unknown === undefined ? { exceeded: index } : { exceeded: index, unknown }
  }
  return unknown === undefined ? {} : { unknown }
}

function isAmount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
