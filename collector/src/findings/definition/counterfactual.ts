import type { AuthoritySource } from '@delegraph/graph-schema'
import { type AuthorityContext, auth } from '../../verify/auth.ts'
import { what, who } from '../../verify/words.ts'
import type { ActionCase } from '../rule.ts'
import { asking } from './asking.ts'

/**
 * What would have become of the call had whoever gained been on his own: `Auth` is asked of him with
 * the artefact that it rested on taken away.
 */
export function counterfactual(
  gained: string,
  subject: ActionCase,
  source: AuthoritySource | undefined,
): string {
  const { action, context } = subject
  const { call } = action
  const answer = auth(asking(gained, subject), without(source, context))
  const name = who(gained)
  const does = what(call)
  if (answer.state === 'held') {
    return `${name} alone would have been let through: ${answer.by === 'chain' ? 'a path' : `a ${answer.by} permission`} of ${name} covers ${does}`
  }
  if (answer.state === 'unknown') {
    return `whether ${name} alone would have been denied ${does} cannot be told from what was disclosed`
  }
  const passed =
    source === undefined ? 'nothing that was presented covers it' : `it passed on ${wordOf(source)}`
  return `${name} alone would have been denied: no path or grant of ${name} covers ${does} in this task; ${passed}`
}

function without(source: AuthoritySource | undefined, context: AuthorityContext): AuthorityContext {
  if (source?.kind !== 'link') return context
  const links = new Map(context.links)
  links.delete(source.id)
  return { ...context, links }
}

function wordOf({ kind, holder, giver }: AuthoritySource): string {
  const from = giver === undefined ? '' : ` that ${who(giver)} gave`
  switch (kind) {
    case 'approval':
      return `the approval${from} to ${who(holder)}`
    case 'link':
      return `a link of ${who(holder)}`
    case 'standing':
      return `the standing permission of ${who(holder)}`
    case 'credential':
      return `a credential of ${who(holder)}`
    case 'decision':
      return `a decision for ${who(holder)}`
    case 'state':
      return `what ${who(holder)} wrote`
    case 'zone':
      return `the place where ${who(holder)} ran`
  }
}
