import type { Remedy } from '@delegraph/graph-schema'
import { what, who } from '../../verify/words.ts'
import type { ActionCase, Hit } from '../rule.ts'
import { counterfactual } from './counterfactual.ts'
import type { Fact } from './fact.ts'
import type { Influence } from './influence.ts'
import { sourceOf, support } from './support.ts'

/** A hit of a rule about data that reached an action: the writer gains what the actor may. */
export function flowHit(
  subject: ActionCase,
  writer: Influence,
  words: { readonly title: string; readonly facts: readonly Fact[]; readonly remedy: Remedy },
): Hit {
  const { action } = subject
  const covering = support(subject).find(({ covers, holder }) => covers && holder === action.agent)
  const source = covering === undefined ? undefined : sourceOf(covering)
  const adjust =
    writer.how === 'reaches'
      ? [{ by: -1, reason: 'that it set an argument or the choice was not recorded' }]
      : []
  return {
    ...words,
    gained: writer.agent,
    from: action.agent,
    ...(source === undefined ? {} : { source }),
    counterfactual: counterfactual(writer.agent, subject, source),
    rests: [writer.grade],
    adjust,
    pageable: writer.how === 'drives',
    flow: writer.path,
    timeline: writer.path.map(({ at, agent, did, resource }) => ({
      at,
      what: `${who(agent)} ${did === 'gave' ? 'gave' : 'got'} data${resource === undefined ? '' : ` (${resource})`}`,
    })),
  }
}

/** Whether it set something, or had merely been read before: what is recorded, in words. */
export function howItCame({ how }: Influence, { action }: ActionCase): string {
  const does = what(action.call)
  return how === 'drives'
    ? `it set an argument of ${does} or the choice of it`
    : `${who(action.agent)} had got it before it did ${does}`
}
