import { type Json, parseTools } from '@delegraph/link'
import { toolName, who } from '../../verify/words.ts'
import type { Fact, Ground } from './ground.ts'

/** What an agent may do at any time, by its owner's word. */
export function reachStanding(actor: Fact, ground: Ground): void {
  const { registry, validAt } = ground.asking
  const at = Math.floor(validAt / 1000)
  const called = actor.kind === 'call'
  const rule = called ? 'callable' : 'given'
  for (const entry of registry.entries) {
    if (entry.type !== 'standing' || entry.agent !== actor.id) continue
    const { from, until } = entry
    if (until !== undefined && until * 1000 <= ground.since) continue
    if (from !== undefined && from > at) continue
    const live = until === undefined || at < until
    const owner = registry.owner(actor.id)?.owner
    for (const [tool, map] of Object.entries(parseTools(entry.tools as Json).tools)) {
      const standing = ground.fact('standing', `${actor.id} ${tool}`)
      const sentence = `${who(actor.id)} may do ${toolName(tool)} by its own standing permission`
      ground.step(actor, standing, { rule, decided: false, live, sentence })
      ground.permit(
        standing,
        {
          ...{ agent: actor.id, tool, map },
          ...(owner === undefined ? {} : { principal: owner }),
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        },
        { rule: 'given', decided: false, live, sentence },
      )
    }
  }
}
