import { shortHash } from '../../shared/short.ts'
import type { ChainLink } from './documents.ts'
import type { Step } from './steps.ts'

/** A column of the swimlane: somebody who gives, receives, approves or acts. */
export interface Lane {
  readonly id: string
  readonly name: string
  readonly kind: 'principal' | 'agent' | 'unknown'
}

/** From where to where a row's arrow goes, as indices of lanes. */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface LaneLayout {
  readonly lanes: readonly Lane[]
  /** By the key of the step. */
  readonly spans: ReadonlyMap<string, Span>
}

/** Lanes in the order in which their owners first appear; a row's arrow connects two of them. */
export function laneLayout(steps: readonly Step[]): LaneLayout {
  const lanes: Lane[] = []
  const index = new Map<string, number>()
  const place = (lane: Lane): number => {
    const known = index.get(lane.id)
    if (known !== undefined) return known
    index.set(lane.id, lanes.length)
    lanes.push(lane)
    return lanes.length - 1
  }
  const spans = new Map<string, Span>()
  for (const step of steps) spans.set(step.key, spanOf(step, place))
  return { lanes, spans }
}

function spanOf(step: Step, place: (lane: Lane) => number): Span {
  switch (step.kind) {
    case 'link': {
      const from = place(delegatorOf(step.link))
      return { from, to: place(delegateOf(step.link)) }
    }
    case 'gap': {
      const at = place(step.below.arrived ? delegatorOf(step.below) : unknownLane(step.below.hash))
      return { from: at, to: at }
    }
    case 'run': {
      // Whoever is inside a run gets a lane when it is unfolded.
      const [first] = step.links
      const last = step.links.at(-1)
      if (first === undefined || last === undefined) return { from: 0, to: 0 }
      const from = place(delegatorOf(first))
      return { from, to: place(delegateOf(last)) }
    }
    case 'approval': {
      const { approver, subject, id } = step.approval
      const from = place(approver === null ? unknownLane(id) : { ...approver, kind: 'principal' })
      return { from, to: subject === null ? from : place({ ...subject, kind: 'agent' }) }
    }
    case 'withdrawal': {
      const { withdrawal, link, approval } = step
      const from = place(partyOf(withdrawal.by, withdrawal.hash))
      if (link !== undefined) return { from, to: place(delegateOf(link)) }
      const subject = approval?.subject ?? null
      return { from, to: subject === null ? from : place({ ...subject, kind: 'agent' }) }
    }
    case 'decision':
    case 'action': {
      const { agent, id } = step.action
      const at = place(agent === null ? unknownLane(id) : { ...agent, kind: 'agent' })
      return { from: at, to: at }
    }
  }
}

function delegatorOf({ delegator, hash }: ChainLink): Lane {
  return partyOf(delegator, `above-${hash}`)
}

function partyOf(party: ChainLink['delegator'], hash: string): Lane {
  if (party === null) return unknownLane(hash)
  const { id, name } = party
  return { id, name, kind: party.__typename === 'Principal' ? 'principal' : 'agent' }
}

function delegateOf({ delegate, hash }: ChainLink): Lane {
  return delegate === null ? unknownLane(hash) : { ...delegate, kind: 'agent' }
}

function unknownLane(id: string): Lane {
  return {
    id: `unknown-${id}`,
    name: `unknown ${shortHash(id.replace(/^above-/, ''))}`,
    kind: 'unknown',
  }
}
