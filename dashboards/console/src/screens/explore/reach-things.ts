import type { CaseThing } from '../cases/documents.ts'
import type { ReachRow } from './documents.ts'

const KINDS: Readonly<Record<string, CaseThing['kind']>> = { link: 'LINK', approval: 'APPROVAL' }

/** What a permission that is reached rests on, as a case names it: who has it, by what, and its newest use. */
export function thingsOfReach({
  agent,
  witness,
  lastAction,
}: Pick<ReachRow, 'agent' | 'witness' | 'lastAction'>): readonly CaseThing[] {
  const things: CaseThing[] = [
    { kind: 'AGENT', id: agent.id },
    ...witness.flatMap(({ kind, id }): CaseThing[] => {
      const known = KINDS[kind]
      return known === undefined ? [] : [{ kind: known, id }]
    }),
    ...(lastAction === null ? [] : [{ kind: 'ACTION' as const, id: lastAction.id }]),
  ]
  return [...new Map(things.map((thing) => [`${thing.kind} ${thing.id}`, thing])).values()]
}
