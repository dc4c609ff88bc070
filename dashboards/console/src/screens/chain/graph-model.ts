import { signatureWord, type Tone, verdictWord } from '../../shared/link-words.ts'
import { toolName } from '../../shared/short.ts'
import type { ChainAction, ChainLink } from './documents.ts'
import { laneLayout } from './lanes.ts'
import { type Chip, chipOfAction, chipsOfLink, isUnexplained } from './scope-funnel.ts'
import { stepsOf } from './steps.ts'
import { withdrawnWord } from './withdrawal-words.ts'

export interface GraphNode {
  readonly id: string
  readonly kind: 'principal' | 'agent' | 'unknown' | 'call'
  readonly name: string
  /** What the URL selects by a click on it. */
  readonly select: string | undefined
  /** What a call used, or what an agent was given last. */
  readonly chips: readonly Chip[]
  readonly isTrouble: boolean
  /** For how many that are alike it stands; absent where it is one. */
  readonly members?: number
}

export interface GraphEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
  readonly tone: Tone
  readonly kind: 'link' | 'approval' | 'call'
}

export interface GraphModel {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Legible up to here; above, siblings that are alike are one, and where that is not enough the swimlane is. */
export const MAX_NODES = 200

/** Parties and calls as nodes; links, approvals and who called as edges. */
export function graphModel(
  links: readonly ChainLink[],
  actions: readonly ChainAction[],
): GraphModel {
  // Every run open: a picture of all hops.
  const all = new Set(links.map(({ hash }) => `run-${hash}`))
  const steps = stepsOf(links, actions, all)
  const { lanes, spans } = laneLayout(steps)
  const nodes = new Map<string, GraphNode>(
    lanes.map(({ id, name, kind }) => [
      id,
      { id, name, kind, select: undefined, chips: [], isTrouble: false },
    ]),
  )
  const edges: GraphEdge[] = []
  for (const step of steps) {
    const span = spans.get(step.key)
    const from = lanes[span?.from ?? 0]?.id
    const to = lanes[span?.to ?? 0]?.id
    if (from === undefined || to === undefined) continue
    if (step.kind === 'link') {
      const word = verdictWord(step.link) ?? withdrawnWord(step.link) ?? signatureWord(step.link)
      const label = `hop ${step.link.depth}: ${word.text}`
      edges.push({ id: step.key, from, to, label, tone: word.tone, kind: 'link' })
      const before = nodes.get(to)
      if (before !== undefined) {
        const chips = chipsOfLink(step.link).filter(({ state }) => state !== 'dropped')
        nodes.set(to, { ...before, select: step.key, chips })
      }
    } else if (step.kind === 'approval') {
      const label = `${step.approval.decision ?? 'said'} ${toolName(step.approval.tool ?? '')}`
      edges.push({ id: step.key, from, to, label, tone: 'plain', kind: 'approval' })
    } else if (step.kind === 'action') {
      const chip = chipOfAction(step.action)
      nodes.set(step.key, {
        id: step.key,
        kind: 'call',
        name: toolName(step.action.tool),
        select: step.key,
        chips: [chip],
        isTrouble: isUnexplained(chip),
      })
      const tone = isUnexplained(chip) ? 'bad' : 'plain'
      edges.push({ id: `by-${step.key}`, from, to: step.key, label: 'called', tone, kind: 'call' })
    }
  }
  return { nodes: [...nodes.values()], edges }
}
