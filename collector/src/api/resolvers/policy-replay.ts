import { may } from '../../access/viewer.ts'
import type { Filter } from '../../graph/index.ts'
import {
  isSlipped,
  type PolicyReplay,
  policyReplay,
  REPLAY_LIMITS,
  type SlippedPolicies,
} from '../../policy/policy-replay.ts'
import type { Replayed } from '../../policy/replay.ts'
import { sentenceOf } from '../../policy/sentence.ts'
import { ThreadError } from '../../policy/thread.ts'
import type { Args } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { forbidden, type InvalidArgument, invalidArgument, isUserError } from '../errors.ts'
import { fromMilliseconds } from '../instants.ts'
import { chainOf } from './chain.ts'
import { decisionListing } from './decision.ts'
import { agentRef, type Fields } from './fields.ts'
import { askingIn } from './questions/asked.ts'
import { listPage } from './questions/list-page.ts'

/** What a draft would have answered to the newest calls, or what is wrong with it. */
export async function askPolicyReplay(args: Args, context: ApiContext) {
  if (!may(context.viewer, 'analyst')) return forbidden('analyst')
  const { draft, against, last = REPLAY_LIMITS.last } = args
  for (const [name, text] of Object.entries({ draft, against }))
    if (typeof text === 'string' && text.length > REPLAY_LIMITS.text)
      return invalidArgument(name, `at most ${REPLAY_LIMITS.text} characters`)
  if (typeof last !== 'number' || last < 1 || last > REPLAY_LIMITS.calls)
    return invalidArgument('last', `from 1 to ${REPLAY_LIMITS.calls}`)
  const wanted = wantedOf(args, context.instants?.validAt)
  if (isUserError(wanted)) return wanted
  const texts = { draft: String(draft), against: typeof against === 'string' ? against : undefined }
  try {
    const asking = await askingIn(context)
    const answer = await policyReplay(texts, { ...wanted, last }, asking, context.policies)
    return isSlipped(answer) ? invalid(answer) : { ...answer, kind: 'PolicyReplay' }
  } catch (error) {
    if (error instanceof ThreadError)
      return { kind: 'InvalidArgumentError', argument: 'draft', message: error.message }
    throw error
  }
}

function wantedOf(
  args: Args,
  validAt: number | undefined,
): { readonly decisions: Filter; readonly actions?: Filter } | InvalidArgument {
  const listing = decisionListing(args, validAt)
  if (isUserError(listing)) return listing
  const filter = (args['filter'] ?? {}) as Args
  const isOfCalls = Object.entries(filter).every(
    ([name, value]) => value === null || value === undefined || OF_CALLS.has(name),
  )
  if (!isOfCalls) return { decisions: listing.where }
  const { equals = {}, min = {}, max = {} } = listing.where
  return {
    decisions: listing.where,
    // Calls are dated to the millisecond, records to the second.
    actions: {
      equals,
      min: { at: (min['at'] ?? 0) * 1000 },
      max: max['at'] === undefined ? {} : { at: max['at'] * 1000 + 999 },
    },
  }
}

/** What calls have as well as decisions. */
const OF_CALLS: ReadonlySet<string> = new Set(['agent', 'tool', 'task', 'link', 'after', 'before'])

function invalid({ slips }: SlippedPolicies) {
  const [first] = slips
  const where = first === undefined ? '' : `: line ${first.line}, ${first.message}`
  return {
    kind: 'PolicyInvalidError',
    message: `the ${first?.in === 'against' ? 'other text' : 'draft'} cannot be used${where}`,
    slips: slips.map((slip) => ({ ...slip, text: slip.in })),
  }
}

export const policyReplayFields: Fields<PolicyReplay> = {
  policyHash: ({ hash }) => hash,
  changes: ({ againstHash, diff, texts }) =>
    againstHash === undefined
      ? []
      : [...diff.added, ...diff.removed, ...diff.changed]
          .sort()
          .map((policy) => ({ policy, before: texts.before[policy], after: texts.after[policy] })),
  warnings: ({ warnings }) => warnings.map((slip) => ({ ...slip, text: 'draft' })),
  same: ({ counts }) => counts.same,
  allowToDeny: ({ counts }) => counts.allow_to_deny,
  denyToAllow: ({ counts }) => counts.deny_to_allow,
  errored: ({ counts }) => counts.errored,
  unknown: ({ counts }) => counts.unknown,
  calls: ({ calls, capped }, args) => {
    const { change } = args
    const wanted = Array.isArray(change)
      ? calls.filter((row) => change.includes(row.change))
      : calls
    return listPage<Replayed>(wanted, args, capped)
  },
}

export const replayedCallFields: Fields<Replayed> = {
  decision: ({ call }, _, { load }) => call.decision && load.node.Decision(call.decision),
  action: ({ call }, _, { load }) => call.action && load.node.Action(call.action),
  at: ({ call }) => fromMilliseconds(call.at),
  agent: ({ call }) => agentRef(call.agent),
  tool: ({ call }) => call.tool,
  chain: ({ call }, _, context) => call.link && chainOf(call.link, context),
  sentence: sentenceOf,
}
