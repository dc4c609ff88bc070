import type { Key } from '@delegraph/sdk'
import type { Event } from '../format.ts'
import type { World } from '../world.ts'
import { playAction } from './actions.ts'
import { playApproval } from './approvals.ts'
import { playDecision } from './decisions.ts'
import { playFlow } from './flows.ts'
import { playLink } from './links.ts'
import { Stage, type Unlabelled } from './stage.ts'
import { playCredential, playRevoke, playTaskEnd } from './withdrawals.ts'

/**
 * Plays the events of one case in order, through the SDK. Spans go to whatever tracer is registered;
 * log records are in the stage's outbox. Nothing here knows how the case is labelled.
 */
export function playCase(
  world: World,
  played: Unlabelled,
  place: number,
  keys: ReadonlyMap<string, Key>,
  unsigned: boolean,
): Stage {
  const stage = new Stage(world, played, place, keys, unsigned)
  for (const event of played.events) {
    try {
      stage.play(event, () => playEvent(stage, event))
    } catch (cause) {
      const where = `${played.case_id}, event ${event.seq}`
      throw new Error(`${where} cannot be played: ${String(cause)}`, { cause })
    }
  }
  return stage
}

function playEvent(stage: Stage, event: Event): void {
  switch (event.type) {
    case 'link':
      playLink(stage, event)
      break
    case 'approval':
      playApproval(stage, event)
      break
    case 'decision':
      playDecision(stage, event)
      break
    case 'flow':
      playFlow(stage, event)
      break
    case 'action':
      playAction(stage, event)
      break
    case 'credential':
      playCredential(stage, event)
      break
    case 'revoke':
      playRevoke(stage, event)
      break
    case 'task_end':
      playTaskEnd(stage, event)
      break
    case 'export':
      // No event of the product: the owners' registry says it, from its time on.
      break
  }
}
