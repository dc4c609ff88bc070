import { type Arguments, actionHash } from '../action.ts'
import { type ClaimReader, HASH, present } from '../claim-reader.ts'

/** What an artefact may disclose of a call, so that people and collectors see what it is about. */
export interface DisclosedCall {
  /** The arguments that some link of the chain constrains. */
  readonly args?: Arguments
  /** Names of all arguments, sorted. */
  readonly arg_names?: readonly string[]
  /** Salted hash of the other arguments. */
  readonly rest?: string
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
