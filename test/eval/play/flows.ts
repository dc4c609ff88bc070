import type { Movement } from '@delegraph/sdk'
import type { FlowEvent } from '../format.ts'
import type { Stage } from './stage.ts'

/**
 * Plays a movement of data: the one who gives and the one who takes each record their own half, by the
 * hash of the content. What flows into an action shapes it.
 */
export function playFlow(stage: Stage, event: FlowEvent): void {
  const { src, dst } = event
  const into = stage.actions().find((action) => action.id === dst)
  const taker = into?.actor ?? (stage.actors.has(dst) ? dst : undefined)
  const data = given(stage, event)
  if (into !== undefined) {
    const before = stage.shaping.get(into.id) ?? []
    stage.shaping.set(into.id, [...new Set([...before, ...data])])
  }
  if (taker === undefined) written(stage, event, data)
  else if (!stage.actors.has(src) && producer(stage, src) === undefined)
    move(stage, event, taker, { op: 'read', data, resource: stage.names.of(src) })
  else taken(stage, event, taker, data)
}

/** Hashes of the content that leaves the source; a message is said to be sent by its sender. */
function given(stage: Stage, event: FlowEvent): string[] {
  const { src, dst, seq } = event
  if (producer(stage, src) !== undefined) return [stage.content(`result of ${src}`)]
  if (!stage.actors.has(src)) return contentsOf(stage, src)
  const data = [stage.content(`message ${seq} of ${src}`)]
  const to = stage.actions().find((action) => action.id === dst)?.actor ?? dst
  if (stage.actors.has(to) && to !== src)
    move(stage, event, src, { op: 'sent', data, peer: stage.names.of(to) })
  return data
}

/** What lies in a resource; something was there before anybody wrote to it. */
function contentsOf(stage: Stage, resource: string): string[] {
  const known = stage.contents.get(resource)
  if (known !== undefined) return known
  const before = [stage.content(`before in ${resource}`)]
  stage.contents.set(resource, before)
  return before
}

function written(stage: Stage, event: FlowEvent, data: readonly string[]): void {
  const { src, dst } = event
  stage.contents.set(dst, [...new Set([...(stage.contents.get(dst) ?? []), ...data])])
  const writer = producer(stage, src) ?? (stage.actors.has(src) ? src : undefined)
  if (writer !== undefined)
    move(stage, event, writer, { op: 'wrote', data, resource: stage.names.of(dst) })
}

function taken(stage: Stage, event: FlowEvent, taker: string, data: readonly string[]): void {
  const from = producer(stage, event.src) ?? event.src
  const peer = from === taker ? {} : { peer: stage.names.of(from) }
  move(stage, event, taker, { op: 'received', data, ...peer })
}

/** Who made the action whose result this is. */
function producer(stage: Stage, id: string): string | undefined {
  return stage.actions().find((action) => action.id === id)?.actor
}

/**
 * What runs outside every grant records nothing: only the other side knows of it. A store knows who wrote
 * to it.
 */
function move(stage: Stage, event: FlowEvent, agent: string, movement: Movement): void {
  const actor = stage.actor(agent)
  if (actor.external && movement.op !== 'wrote') return
  const { names } = stage
  const [task, session] = [names.of(event.task), names.of(event.session)]
  actor.sdk.moved({ ...movement, task, session })
}
