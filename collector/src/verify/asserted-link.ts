import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  canonicalize,
  type Json,
  LIMITS,
  type NarrowingProblem,
  narrows,
  parseTools,
  type ToolGrants,
} from '@delegraph/link'
import type { Asserted } from '../evidence/asserted.ts'
import type { AboveAsserted, LinkJudgement } from './link.ts'

/**
 * Judges an unsigned link by the rules that hold for signed ones, as far as they need no key: who gave
 * it, depth, time, task, principal, tools. One that keeps them is `unknown(signature_missing)`.
 */
export function judgeAssertedLink(
  hash: string,
  record: Asserted<'link'>,
  above: AboveAsserted | undefined | 'missing',
): LinkJudgement {
  const parsed = parseTools(record.tools as unknown as Json)
  const parent = above === 'missing' ? undefined : above
  const depth = parent === undefined ? 0 : parent.depth + 1
  const { wrong, problems } = faultOf(record, parsed.tools, above)
  const fault = parsed.fault
  const outcome =
    fault === undefined
      ? (wrong ?? failedAbove(parent) ?? outcomeOf('signature_missing'))
      : outcomeOf(fault.code, fault.detail)
  return {
    hash,
    text: canonicalize(record as unknown as Json),
    signature: 'missing',
    outcome,
    problems,
    flags: [],
    asserted: record,
    said: {
      holder: record.holder,
      principal: record.principal ?? parent?.principal ?? record.issuer,
      task: record.task,
      depth,
      maxDepth: Math.min(record.max_depth ?? LIMITS.depth, parent?.maxDepth ?? LIMITS.depth),
      issuedAt: record.iat,
      tools: parsed.tools,
      outcome,
      ...endOf(record, parent),
    },
  }
}

/** In order by itself under a link that is not: the failure lies above. */
function failedAbove(parent: AboveAsserted | undefined): Outcome | undefined {
  if (parent?.outcome.state !== 'failed') return undefined
  return { state: 'failed', code: parent.outcome.code, detail: 'above' }
}

function endOf(
  record: Asserted<'link'>,
  parent: AboveAsserted | undefined,
): { readonly expiresAt?: number } {
  const end = record.exp ?? parent?.expiresAt
  return end === undefined ? {} : { expiresAt: end }
}

interface Found {
  readonly wrong?: Outcome
  readonly problems: readonly NarrowingProblem[]
}

function faultOf(
  record: Asserted<'link'>,
  tools: ToolGrants,
  above: AboveAsserted | undefined | 'missing',
): Found {
  const found = (wrong: Outcome | undefined): Found =>
    wrong === undefined ? { problems: [] } : { wrong, problems: [] }
  if (record.exp !== undefined && record.exp <= record.iat)
    return found(outcomeOf('malformed', 'lifetime'))
  if (above === 'missing') return found(outcomeOf('chain_incomplete'))
  if (above === undefined) return found(undefined)
  if (record.issuer !== above.holder) return found(outcomeOf('issuer_mismatch'))
  if (above.depth + 1 > above.maxDepth) return found(outcomeOf('depth_invalid', 'terminal'))
  if ((record.max_depth ?? 0) > above.maxDepth)
    return found(outcomeOf('depth_invalid', 'max_depth'))
  const outlives =
    above.expiresAt !== undefined && record.exp !== undefined && record.exp > above.expiresAt
  if (outlives || record.iat < above.issuedAt) return found(outcomeOf('expired', 'nonmonotonic'))
  if (record.principal !== undefined && record.principal !== above.principal)
    return found(outcomeOf('principal_altered'))
  if (record.task !== above.task) return found(outcomeOf('task_altered'))
  const narrower = narrows(above.tools, tools)
  if (narrower.ok) return found(undefined)
  return { wrong: outcomeOf('not_narrower', narrower.detail), problems: narrower.problems }
}
