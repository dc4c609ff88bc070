import { type Arguments, actionHash } from '../action.ts'
import { type ClaimReader, HASH, present } from '../claim-reader.ts'
import { parseTools } from '../constraints/well-formed.ts'
import type { ArgumentMap } from '../types.ts'

/** What an artefact may disclose of a call, so that people and collectors see what it is about. */
export interface DisclosedCall {
  /** The arguments that some link of the chain constrains. */
  readonly args?: Arguments
  /** Names of all arguments, sorted. */
  readonly arg_names?: readonly string[]
  /** Salted hash of the other arguments. */
  readonly rest?: string
}

/** A class of calls of one tool instead of a single call, and whom it names instead of a leaf link. */
export interface CallClass {
  /** What the arguments must be; `{}` for any. */
  readonly grants?: ArgumentMap
  readonly act?: { readonly sub: string }
  readonly session?: string
}

export function readCallClass(reader: ClaimReader, tool: string | undefined): CallClass {
  return present({
    grants: reader.optional('grants', (name) => readGrants(reader, name, tool)),
    act: reader.optional('act', (name) => ({ sub: reader.nested(name, ['sub']).text('sub') })),
    session: reader.optional('session', (name) => reader.text(name)),
  })
}

function readGrants(reader: ClaimReader, name: string, tool: string | undefined): ArgumentMap {
  if (tool === undefined) {
    reader.fail(name)
    return {}
  }
  const { tools, fault } = parseTools({ [tool]: reader.object(name) })
  if (fault !== undefined) reader.fail(name, fault.code)
  return tools[tool] ?? {}
}

export function readDisclosedCall(reader: ClaimReader): DisclosedCall {
  return present({
    args: reader.optional('args', (name) => reader.object(name)),
    arg_names: reader.optional('arg_names', (name) => reader.texts(name)),
    rest: reader.optional('rest', (name) => reader.matching(name, HASH)),
  })
}

/** False where enough is disclosed to recompute the action hash and it is another. */
export function actionHashFits(call: {
  readonly aud: string
  readonly tool: string
  readonly action_hash: string
  readonly disclosed: DisclosedCall
}): boolean {
  const { args, rest } = call.disclosed
  if (args === undefined || rest === undefined) return true
  return actionHash({ aud: call.aud, args, rest, tool: call.tool }) === call.action_hash
}
