import { actionHash, type Json } from '@delegraph/link'
import { claimsOf } from '../evidence/node.ts'
import type { Call } from './call.ts'

/** What a call is named by. */
export interface NamedCall {
  readonly tool: string
  /** `''` where it stays in its process. */
  readonly audience: string
  readonly actionHash: string
}

/** Arguments of a call, and the names of all where they are told. */
export type ShownArguments = Pick<Call, 'argNames'> & { readonly args: NonNullable<Call['args']> }

/**
 * Arguments that the agent kept to itself and another text about the call shows: the approval, the decision, the
 * receipt of the service. Who wrote that text does not matter: whatever gives the action hash again is what the
 * hash was made of, and nothing else is looked at. Undefined where no text does.
 */
export function shownArguments(
  texts: readonly (string | undefined)[],
  { tool, audience, actionHash: wanted }: NamedCall,
): ShownArguments | undefined {
  for (const text of [...texts].filter((one) => one !== undefined).sort()) {
    const { args, rest, arg_names: names } = claimsOf(text) ?? {}
    if (!isObject(args) || typeof rest !== 'string') continue
    try {
      if (actionHash({ aud: audience, args, rest, tool }) !== wanted) continue
    } catch {
      // What has no canonical form was never hashed.
      continue
    }
    const argNames = namesIn(names)
    return { args, ...(argNames === undefined ? {} : { argNames }) }
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names are no part of the hash: of two texts that differ the one that tells them is believed. */
function namesIn(names: unknown): readonly string[] | undefined {
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined
}
