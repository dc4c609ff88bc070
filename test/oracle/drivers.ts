// Who asked. Clause N: every caller on the request path to an action.
import type { ActionEvent } from '../eval/format.ts'
import type { History } from './history.ts'
import { citedPath } from './paths.ts'

/**
 * The agents that asked for it: the caller it names, and every agent that handed on a link of the path it cites.
 * `caller: null` says that nobody asked.
 */
export function callersOf(h: History, x: ActionEvent): string[] {
  const issuers = x.caller === null ? [] : citedPath(h, x).map((link) => link.issuer)
  const all = x.caller ? [...issuers, x.caller] : issuers
  return [...new Set(all)].filter((id) => h.isAgent(id) && id !== x.actor)
}

/** When the caller asked: its link to the actor, or the call itself where only that is known. */
export function askedAt(h: History, caller: string, x: ActionEvent) {
  return citedPath(h, x).findLast((link) => link.issuer === caller)
}
