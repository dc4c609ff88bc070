import { OUTCOMES, type OutcomeCode } from '@delegraph/graph-schema'
import { holds } from '../../verify/holds.ts'
import type { PathLink } from '../../verify/path.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { fact, factOn } from '../definition/fact.ts'
import type { ActionCase, ActionRule, Hit, LinkCase, LinkRule } from '../rule.ts'

/**
 * D10. A chain does not hold together: a signature, a parent, a depth, an audience or a task is not
 * what it must be, or a receipt is not of this call or not by this holder.
 *
 * A signature that is missing is a lower grade, never a broken chain; evidence that has not come is
 * `incomplete`, never `forged`. Source: RFC 7515, RFC 7519, draft-niyikiza-oauth-attenuating-agent-
 * tokens-02; OWASP ASI07.
 */
const SENTENCE = 'A chain does not hold together, or a receipt is not of this call by this holder.'

/** Codes that make a link a forgery or a splice, and not merely too wide or too late. */
const LINK_CODES: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>([
  'malformed',
  'non_canonical',
  'duplicate_member',
  'non_finite',
  'lone_surrogate',
  'oversized',
  'type_invalid',
  'alg_not_allowed',
  'alg_key_mismatch',
  'issuer_mismatch',
  'signature_invalid',
  'weak_key',
  'par_hash_mismatch',
  'replayed',
  'task_altered',
  'unknown_constraint',
])

const ACTION_CODES: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>([
  'holder_binding_failed',
  'receipt_mismatch',
  'trace_mismatch',
  'jti_conflict',
  'audience_mismatch',
  'task_altered',
])

export const brokenLink: LinkRule = {
  id: 'D10',
  on: 'link',
  class: 'validity',
  sentence: SENTENCE,
  check: checkLink,
}

export const brokenAction: ActionRule = {
  id: 'D10',
  on: 'action',
  class: 'validity',
  sentence: SENTENCE,
  check: checkAction,
}

function checkLink({ link, sameToken }: LinkCase): Hit | undefined {
  const fault = faultOf(link) ?? (repeats(link, sameToken) ? { code: 'jti_conflict' } : undefined)
  if (fault === undefined) return undefined
  const { code, detail } = fault
  const claimed = `a link that names ${who(link.delegate)} as its holder`
  return {
    title: `${claimed} does not hold: ${OUTCOMES[code].meaning}`,
    facts: [
      fact(
        `the check that failed is ${code}${detail === undefined ? '' : ` (${detail})`}`,
        'link',
        link.hash,
      ),
      fact(
        `the link names ${link.parent === undefined ? 'no parent' : `parent ${link.parent}`}`,
        'link',
        link.hash,
      ),
      fact(`its signature is ${link.signature}`, 'link', link.hash),
    ],
    gained: link.delegate,
    ...(link.delegator === 'unknown' ? {} : { from: link.delegator }),
    culprit: { kind: 'link', id: link.hash },
    remedy: NO_REMEDY,
    fixed: 4,
  }
}

interface LinkFault {
  readonly code: OutcomeCode
  readonly detail?: string
}

/** What makes a link itself one that does not hold together, whatever stands above it. */
function faultOf({
  outcome,
  reportedDepth,
  depth,
  reportedParent,
}: PathLink): LinkFault | undefined {
  if (outcome.state === 'failed' && isBroken(outcome.code, outcome.detail)) return outcome
  if (reportedParent !== undefined) return { code: 'par_hash_mismatch' }
  return reportedDepth === undefined || reportedDepth === depth
    ? undefined
    : { code: 'depth_invalid', detail: 'position' }
}

/**
 * Another link had its issuer's token id before, or at the same moment: then nothing signed tells which
 * of the two was the first, and neither is taken for it.
 */
function repeats(link: PathLink, sameToken: readonly PathLink[]): boolean {
  const { moment: own = 0 } = link
  return sameToken.some(({ outcome, moment = 0 }) => holds(outcome) && moment <= own)
}

function repeatOf(link: PathLink, links: readonly PathLink[]): LinkFault | undefined {
  const same = links.filter(
    ({ hash, token }) => token !== undefined && token === link.token && hash !== link.hash,
  )
  return repeats(link, same) ? { code: 'jti_conflict' } : undefined
}

function isBroken(code: OutcomeCode, detail: string | undefined): boolean {
  return LINK_CODES.has(code) || (code === 'depth_invalid' && detail === 'position')
}

function checkAction(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject)) return undefined
  const { possession, action: fit, chain } = action.verdict
  const failed = [possession, fit].find(
    (outcome) => outcome.state === 'failed' && ACTION_CODES.has(outcome.code),
  )
  if (failed?.state === 'failed') {
    return {
      title: `the record of ${what(action.call)} by ${who(action.agent)} does not hold: ${OUTCOMES[failed.code].meaning}`,
      facts: [
        fact(`the check that failed is ${failed.code}`, 'action', action.id),
        factOn(
          `the action cites ${action.link === undefined ? 'no link' : `link ${action.link}`}`,
          ['link', action.link],
          { kind: 'action', id: action.id },
        ),
        ...(action.receipt.hash === undefined
          ? []
          : [fact(`its receipt is ${action.receipt.hash}`, 'action', action.id)]),
      ],
      gained: action.agent,
      // The link is what was somebody else's, or of something else; the receipt only shows it.
      culprit:
        action.link === undefined
          ? { kind: 'receipt', id: action.receipt.hash ?? action.id }
          : { kind: 'link', id: action.link },
      remedy: NO_REMEDY,
      fixed: 4,
    }
  }
  const links = [...subject.context.links.values()]
  const faultIn = (link: PathLink): LinkFault | undefined => faultOf(link) ?? repeatOf(link, links)
  const broken = action.path.links.find((link) => faultIn(link) !== undefined)
  const fault = broken === undefined ? undefined : faultIn(broken)
  if (broken !== undefined && fault !== undefined) {
    return {
      title: `${who(action.agent)} did ${what(action.call)} on a chain that does not hold together`,
      facts: [
        fact(
          `the link from ${who(broken.delegator)} to ${who(broken.delegate)} does not hold: ${OUTCOMES[fault.code].meaning}`,
          'link',
          broken.hash,
        ),
        fact(`${who(action.agent)} cites it, or one below it`, 'action', action.id),
      ],
      gained: action.agent,
      culprit: { kind: 'link', id: broken.hash },
      remedy: NO_REMEDY,
      fixed: 4,
    }
  }
  const unheld = action.path.links.some(
    ({ signature, outcome }) =>
      signature === 'unchecked' && 'code' in outcome && outcome.code === 'signature_missing',
  )
  const missing = chain.state === 'unknown' && chain.code === 'chain_incomplete'
  if ((missing || unheld) && action.settled) {
    return {
      title: `the chain behind ${toolName(action.tool)} by ${who(action.agent)} is incomplete`,
      facts: [
        factOn(
          unheld
            ? 'nobody signed the link above one that is signed: there is no key to hold its signature against'
            : 'a link above the one cited has not arrived, and the time for it is over',
          ['link', action.link],
          { kind: 'action', id: action.id },
        ),
      ],
      gained: action.agent,
      ...(action.link === undefined ? {} : { culprit: { kind: 'link', id: action.link } }),
      remedy: { kind: 'none', sentence: 'the missing link, sent by whoever holds it' },
      fixed: 2,
      // What a link rests on that nobody signed is a matter of grade.
      ...(missing ? {} : { class: 'exposure' as const }),
    }
  }
  return undefined
}

const NO_REMEDY = {
  kind: 'none',
  sentence: 'nothing: a forged record cannot be cured, only a valid one from the real holder',
} as const
