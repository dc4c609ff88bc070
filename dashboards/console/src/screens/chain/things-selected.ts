import type { CaseThing } from '../cases/documents.ts'
import type { LoadedChain } from './loaded-chain.ts'

/** What is selected in a chain, as a case names it; nothing of what has not arrived. */
export function thingsSelected(
  { links, actions }: Pick<LoadedChain, 'links' | 'actions'>,
  select: string,
): readonly CaseThing[] {
  if (links.some(({ hash, arrived }) => hash === select && arrived))
    return [{ kind: 'LINK', id: select }]
  if (actions.some(({ id }) => id === select)) return [{ kind: 'ACTION', id: select }]
  if (actions.some(({ approvals }) => approvals.some(({ id }) => id === select)))
    return [{ kind: 'APPROVAL', id: select }]
  if (actions.some(({ decisionRecords }) => decisionRecords.some(({ id }) => id === select)))
    return [{ kind: 'DECISION', id: select }]
  return []
}
