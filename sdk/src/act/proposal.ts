import {
  type Arguments,
  actionHash,
  canonicalize,
  type LinkLimits,
  newSalt,
  restHash,
  splitArguments,
} from '@delegraph/link'
import { SdkError } from '../errors.ts'
import { audienceOfTool } from '../link/audience.ts'

/** A call to be made. */
export interface Call {
  /** Tool URI, `<resource>#<tool>`. */
  readonly tool: string
  readonly args?: Arguments
  /** URI of the service called: that of the tool URI where absent, `''` for a call inside the process. */
  readonly audience?: string
}

/**
 * One concrete call with its hash: what a person approves, and what is then carried out. Plain
 * data that both ends of the call hold; `args` and `salt` never go to a collector.
 */
export interface Proposal {
  readonly tool: string
  /** `''` where the call stays in its process. */
  readonly audience: string
  /** All arguments. */
  readonly args: Arguments
  /** 128 random bits; without them the hash of small arguments could be guessed. */
  readonly salt: string
  /** Names this very call, 43 characters. */
  readonly hash: string
  /** The arguments that some link of the chain constrains: a collector sees these. */
  readonly disclosed: Arguments
  /** Salted hash of the others. */
  readonly rest: string
  /** Names of all arguments, sorted. */
  readonly argNames: readonly string[]
  /** Made with the setting `args: none`: neither values nor names are shown to anybody else. */
  readonly withheld?: true
}

/** Makes a proposal; `grants` decide which arguments are disclosed, and undefined withholds all. */
export function proposalOf(call: Call, grants: readonly LinkLimits[] | undefined): Proposal {
  const { tool, args = {}, audience = audienceOfTool(tool) } = call
  const { disclosed, rest, names } = splitArguments(grants ?? [], tool, args)
  const parts = { tool, args, audience, salt: newSalt(), disclosed, argNames: names }
  return sealed(grants === undefined ? { ...parts, withheld: true } : parts, rest)
}

/** The proposal that a salt and the disclosed names stand for, at the other end of the call. */
export function reopened(
  call: Call,
  salt: string,
  isDisclosed: (name: string) => boolean,
): Proposal {
  const { tool, args = {}, audience = audienceOfTool(tool) } = call
  const entries = Object.entries(args)
  const disclosed = Object.fromEntries(entries.filter(([name]) => isDisclosed(name)))
  const rest = Object.fromEntries(entries.filter(([name]) => !isDisclosed(name)))
  const argNames = Object.keys(args).sort()
  return sealed({ tool, args, audience, salt, disclosed, argNames }, rest)
}

/**
 * The proposal made again from its own arguments. Throws `SdkError` `proposal_mismatch` where that
 * gives another: arguments were changed after a person said yes to others.
 */
export function checkedProposal(proposal: Proposal): Proposal {
  const { disclosed } = proposal
  const again = reopened(proposal, proposal.salt, (name) => Object.hasOwn(disclosed, name))
  const shown = canonicalize(again.disclosed) === canonicalize(disclosed)
  if (again.hash !== proposal.hash || again.rest !== proposal.rest || !shown)
    throw new SdkError('proposal_mismatch', `the proposal for ${proposal.tool} was changed`)
  return proposal.withheld === undefined ? again : { ...again, withheld: true }
}

export function isProposal(call: Call | Proposal): call is Proposal {
  return 'hash' in call
}

function sealed(parts: Omit<Proposal, 'rest' | 'hash'>, others: Arguments): Proposal {
  const rest = restHash(others, parts.salt)
  const { audience: aud, disclosed: args, tool } = parts
  return { ...parts, rest, hash: actionHash({ aud, args, rest, tool }) }
}
