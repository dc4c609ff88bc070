import type { ActionEvent, LinkEvent } from '../../eval/format.ts'
import { isAuthorised } from '../authority.ts'
import { ownDecision } from '../decisions.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { citedPath } from '../paths.ts'
import { scopeCovers } from '../permission.ts'

/** Nobody checked this hop. An exposure while the actor had the right; inheritance where it had not. */
export function uncheckedHop(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x))
    .flatMap((x) => {
      const unchecked = whyUnchecked(h, x)
      if (isAuthorised(h, x))
        return unchecked ? [finding(x, 'X', unchecked, borrowedDecision(h, x))] : []
      const ancestor = borrowedFrom(h, x)
      if (ancestor) return [finding(x, 'I', 'only an ancestor’s link covers it', ancestor.id)]
      return unchecked ? [finding(x, 'I', unchecked, borrowedDecision(h, x))] : []
    })
}

/** The nearest link above the one it cites that covers it, where that one does not. */
function borrowedFrom(h: History, x: ActionEvent): LinkEvent | undefined {
  const nearest = citedPath(h, x).findLast((link) => scopeCovers(link.scope, x))
  return nearest?.id === x.chain ? undefined : nearest
}

/** The decision it names although that was about somebody else, or made for another caller. */
function borrowedDecision(h: History, x: ActionEvent): string | null {
  const named = h.decision(x.decision)
  return named?.id !== undefined && ownDecision(h, x) === undefined ? named.id : null
}

function whyUnchecked(h: History, x: ActionEvent): string | undefined {
  if (x.zone) return 'it was accepted because of where it ran'
  const decision = ownDecision(h, x)
  if (!decision) return 'no enforcement point decided on it'
  return decision.verdict === 'deny' ? 'it was done though refused' : undefined
}

const finding = (
  x: ActionEvent,
  kind: 'I' | 'X',
  why: string,
  culprit: string | null = null,
): Finding => ({ detector: 'D8', class: kind, at: x.id, culprit, why })
