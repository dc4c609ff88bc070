import type { Key } from '@delegraph/sdk'
import type { Event } from '../format.ts'
import type { World } from '../world.ts'
import { playAction } from './actions.ts'
import { playApproval } from './approvals.ts'
import { letThrough, playDecision } from './decisions.ts'
import { playFlow } from './flows.ts'
import { playLink } from './links.ts'
import { Stage, type Unlabelled } from './stage.ts'
import { onTimeline } from './timeline.ts'
import { playCredential, playRevoke, playTaskEnd } from './withdrawals.ts'

/**
 * Plays the events of one case in order, through the SDK. Spans go to whatever tracer is registered;
 * log records are in the stage's outbox. Nothing here knows how the case is labelled.
 *
 * What an event names although it was made later is made by then, dated as the case says.
 */
export function playCase(
  world: World,
  played: Unlabelled,
  place: number,
  keys: ReadonlyMap<string, Key>,
  unsigned: boolean,
): Stage {
  const stage = new Stage(world, onTimeline(played), place, keys, unsigned)
  const { events } = stage.case
  const made = new Map(events.flatMap((event) => (isMade(event) ? [[event.id, event]] : [])))
  const done = new Set<Event>()
  const tell = (event: Event): void => {
    if (done.has(event)) return
    done.add(event)
    for (const id of namedBy(stage, event)) {
      const named = made.get(id)
      if (named !== undefined) tell(named)
    }
    try {
      stage.play(event, () => playEvent(stage, event))
    } catch (cause) {
      const where = `${played.case_id}, event ${event.seq}`
      throw new Error(`${where} cannot be played: ${String(cause)}`, { cause })
    }
  }
  for (const event of events) tell(event)
  return stage
}

type Made = Extract<Event, { readonly type: 'link' | 'approval' | 'decision' }> & {
  readonly id: string
}

/** What others cite by its hash, so that it has to be there before they do. */
function isMade(event: Event): event is Made {
  const { type } = event
  return (type === 'link' || type === 'approval' || type === 'decision') && event.id !== undefined
}

/** Ids of what an event cites. */
function namedBy(stage: Stage, event: Event): string[] {
  const ids = (...all: readonly (string | null | undefined)[]) =>
    all.filter((id) => id !== null && id !== undefined)
  switch (event.type) {
    case 'link':
      return ids(event.parent, event.replaces)
    case 'action':
      return ids(event.chain, event.approval, event.decision, event.resource)
    case 'approval':
      return ids(event.after_denial)
    case 'decision':
      // The point was shown what the call was made under.
      return ids(...letThrough(stage, event).map(({ chain }) => chain))
    case 'revoke':
      return [event.id]
    default:
      return []
  }
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
