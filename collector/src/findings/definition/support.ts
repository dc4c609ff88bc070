import type { AuthoritySource, Grade, Outcome } from '@delegraph/graph-schema'
import { covers } from '../../verify/auth.ts'
import { holds } from '../../verify/holds.ts'
import type { ActionCase } from '../rule.ts'
import { coversCall } from './covers-call.ts'

/** Something that the acceptance of an action rested on, and whose it is. */
export interface Support {
  readonly kind: AuthoritySource['kind']
  /** Hash of the artefact; the agent whose standing permission it is; what was accepted for its place. */
  readonly id: string
  /** The agent it belongs to. */
  readonly holder: string
  /** The person whose yes it was. */
  readonly giver?: string
  /** Whether it covers what was done. */
  readonly covers: boolean
  readonly grade: Grade
}

/**
 * Clause S: everything that was presented with the action, and the zone where nothing else was asked.
 * Which of it the enforcement point needed is not recorded, so all of it counts.
 */
export function support(subject: ActionCase): Support[] {
  const { action, registry } = subject
  const { call, at, task, agent } = action
  const path = action.path.links.map(
    (link): Support => ({
      kind: 'link',
      id: link.hash,
      holder: link.delegate,
      covers: covers(link, call) === true,
      grade: link.signature === 'missing' ? 'asserted' : 'proven',
      ...(link.principal === undefined ? {} : { giver: link.principal }),
    }),
  )
  const approvals = action.approvals.flatMap((record): Support[] => {
    const { subject: holder, decision, cited, outcome } = record
    if (!cited || decision !== 'approve' || holder === undefined || !holds(outcome)) return []
    return [
      {
        kind: 'approval',
        id: record.hash,
        holder,
        giver: record.approver,
        covers: coversCall(record, action),
        grade: record.outcome.state === 'ok' ? 'proven' : 'asserted',
      },
    ]
  })
  const standing: Support[] = registry.standing(agent, call, at, task, action.purpose)
    ? [{ kind: 'standing', id: agent, holder: agent, covers: true, grade: 'proven' }]
    : []
  return [...path, ...approvals, ...standing]
}

/** As a finding shows it. */
export function sourceOf({ kind, id, holder, giver, grade }: Support): AuthoritySource {
  return {
    kind,
    id,
    holder,
    signature: grade === 'asserted' ? 'missing' : 'valid',
    ...(giver === undefined ? {} : { giver }),
  }
}

/** What a record beside the action is worth. */
export function gradesOf({ outcome }: { readonly outcome: Outcome }): Grade[] {
  return outcome.state === 'ok' ? [] : ['asserted']
}
