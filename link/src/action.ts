import { budgetsOfTool } from './constraints/budgets.ts'
import { sha256 } from './crypto.ts'
import { canonicalize } from './json/canonicalize.ts'
import type { Json, LinkLimits } from './types.ts'

/** Argument name to value. */
export type Arguments = { readonly [name: string]: Json }

/** A concrete call as its two ends and a collector can name it alike. */
export interface ActionPreimage {
  /** The enforcement point, `''` where the call stays in its process. */
  readonly aud: string
  /** The disclosed arguments, as they are. */
  readonly args: Arguments
  /** `restHash` of the others. */
  readonly rest: string
  readonly tool: string
}

/**
 * The hash of one call, 43 characters. Two levels: disclosed arguments enter as they are and the
 * others as one salted hash, so that a collector recomputes it from what it was shown.
 */
export function actionHash(action: ActionPreimage): string {
  const { aud, args, rest, tool } = action
  return sha256(canonicalize({ aud, args, rest, tool }))
}

/** The salted hash of the arguments not disclosed. Unsalted ones of amounts or names are guessed. */
export function restHash(rest: Arguments, salt: string): string {
  return sha256(canonicalize({ rest, salt }))
}

export interface SplitArguments {
  readonly disclosed: Arguments
  readonly rest: Arguments
  /** Names of all arguments, sorted. */
  readonly names: readonly string[]
}

/**
 * Which arguments of a call leave the process: those that some link of the chain holds under a
 * constraint other than `wildcard`, or under a budget. A collector judges with these and with the names of all.
 */
export function splitArguments(
  chain: readonly LinkLimits[],
  tool: string,
  args: Arguments,
): SplitArguments {
  const limited = new Set(chain.flatMap((limits) => limitedArguments(limits, tool)))
  const entries = Object.entries(args)
  return {
    disclosed: Object.fromEntries(entries.filter(([name]) => limited.has(name))),
    rest: Object.fromEntries(entries.filter(([name]) => !limited.has(name))),
    names: Object.keys(args).sort(),
  }
}

function limitedArguments({ tools, budgets }: LinkLimits, tool: string): readonly string[] {
  const map = Object.hasOwn(tools, tool) ? tools[tool] : undefined
  const limited = Object.entries(map ?? {})
    .filter(([, constraint]) => constraint.constraint_type !== 'wildcard')
    .map(([name]) => name)
  return [...limited, ...Object.keys(budgetsOfTool(budgets, tool))]
}
