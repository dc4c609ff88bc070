import {
  DETECTORS,
  type FactEvidence,
  type FindingBody,
  type FlowStep,
  GRADES,
  type GraphNode,
} from '@delegraph/graph-schema'
import { ocsfStatusOf } from '../../findings/ocsf-status.ts'
import { intOf, jsonOf, textOf, wordOf } from '../columns.ts'
import { fromMilliseconds, fromNumericDate } from '../instants.ts'
import { chainOf } from './chain.ts'
import { agentRef, type Fields, principalRef } from './fields.ts'
import { nodeId } from './node-id.ts'
import { CHANGES } from './subscription.ts'

const CLASSES = ['inheritance', 'validity', 'exposure', 'probabilistic'] as const
const CERTAINTIES = ['certain', 'unknown', 'ambiguous'] as const
const STATES = ['open', 'withdrawn'] as const
const ALERT_STATES = ['owed', 'delivered', 'dead', 'superseded'] as const

/** How many findings of one incident, and alerts of one finding, an answer holds. */
const MAX_LISTED = 100

/** A finding as the graph has it; everything that made it is in its body. */
export const findingFields: Fields<GraphNode> = {
  nodeId: (node) => nodeId('Finding', node.key),
  id: (node) => node.key,
  rule: (node) => textOf(node, 'rule') ?? '',
  ruleName: (node) => {
    const names: Readonly<Record<string, string>> = DETECTORS
    return names[textOf(node, 'rule') ?? '']
  },
  class: (node) => wordOf(textOf(node, 'class'), CLASSES, 'probabilistic'),
  title: (node) => textOf(node, 'title') ?? '',
  severity: (node) => intOf(node, 'severity') ?? 1,
  severityReasons: (node) => body(node).severityReasons ?? [],
  state: (node) => wordOf(textOf(node, 'state'), STATES, 'open'),
  status: (node) => ocsfStatus(node).status,
  statusId: (node) => ocsfStatus(node).status_id,
  certainty: (node) => wordOf(textOf(node, 'certainty'), CERTAINTIES, 'unknown'),
  grade: (node) => wordOf(textOf(node, 'grade'), GRADES, 'observed'),
  pages: (node) => node.columns['pages'] === true,
  incident: (node) => textOf(node, 'incident') ?? node.key,
  fingerprint: (node) => textOf(node, 'fingerprint') ?? node.key,
  series: seriesOf,
  occurrences: async (node, _, { load }) => ({
    value: (await load.incidentsOfSeries(seriesOf(node))) ?? 1,
    approximate: false,
  }),
  facts: (node) => body(node).facts ?? [],
  grounds: (node) => {
    const { facts = [], shownBy = [] } = body(node)
    return facts.map((text, i): Ground => {
      const evidence = shownBy[i]
      return evidence === undefined ? { text } : { text, shownBy: { ...evidence, of: node } }
    })
  },
  counterfactual: (node) => body(node).counterfactual,
  remedy: (node) => body(node).remedy,
  hops: (node) => body(node).hops ?? [],
  breaksAt: (node) => {
    const { hops, uncoveredHop } = body(node)
    return uncoveredHop === undefined ? undefined : hops?.[uncoveredHop]
  },
  source: (node) => body(node).source,
  verdict: (node) => body(node).verdict,
  timeline: (node) => body(node).timeline ?? [],
  flow: (node) => body(node).flow ?? [],
  assignments: (node) => body(node).assignments,
  registryVersion: (node) => body(node).registryVersion ?? '',
  principal: (node) => principalRef(body(node).principal),
  owner: (node) => principalRef(body(node).owner),
  agent: (node) => ({ kind: 'Agent', id: textOf(node, 'agent') ?? 'unknown' }),
  from: (node) => agentRef(textOf(node, 'from')),
  tool: (node) => textOf(node, 'tool'),
  resource: (node) => textOf(node, 'resource'),
  hopCount: (node) => intOf(node, 'hops'),
  task: (node) => textOf(node, 'task'),
  action: (node, _, { load }) => loaded(textOf(node, 'action'), load.node.Action),
  link: (node, _, { load }) => loaded(textOf(node, 'link'), load.node.Link),
  chain: (node, _, context) =>
    loaded(textOf(node, 'link') ?? textOf(node, 'chain'), (link) => chainOf(link, context)),
  culprit: (node) => {
    const id = textOf(node, 'culprit')
    return id === undefined ? undefined : { kind: textOf(node, 'culpritKind') ?? 'unknown', id }
  },
  sameIncident: async (node, _, { load }) => {
    const incident = textOf(node, 'incident')
    const all = incident === undefined ? [] : ((await load.findingsByIncident(incident)) ?? [])
    const others = all.filter((other) => other.key !== node.key)
    return others.sort((a, b) => urgencyOf(b) - urgencyOf(a)).slice(0, MAX_LISTED)
  },
  alerts: async (node, _, { load }) =>
    ((await load.alertsByFinding(node.key)) ?? []).slice(0, MAX_LISTED),
  triage: async (finding, _, { load }) => ({ finding, word: await load.triage(finding.key) }),
  happenedAt: (node) => fromMilliseconds(intOf(node, 'at')),
  raisedAt: (node) => fromMilliseconds(intOf(node, 'raisedAt')),
  updatedAt: (node) => fromMilliseconds(intOf(node, 'updatedAt') ?? intOf(node, 'raisedAt')),
}

interface Ground {
  readonly text: string
  readonly shownBy?: Shown
}

/** Evidence of a fact of this finding. */
interface Shown extends FactEvidence {
  readonly of: GraphNode
}

export const factEvidenceFields: Fields<Shown> = {
  kind: ({ kind }) => kind,
  id: ({ id }) => id,
  chain: async ({ kind, id, of }, _, { load }) => {
    if (kind === 'link') return id
    if (kind === 'action') return linkOf(await load.node.Action(id))
    // An approval is seen where it was used.
    const used = textOf(of, 'action')
    return kind === 'approval' && used !== undefined
      ? linkOf(await load.node.Action(used))
      : undefined
  },
  agent: async ({ kind, id }, _, { load }) => {
    const action = kind === 'action' ? await load.node.Action(id) : undefined
    return action === undefined ? undefined : agentRef(textOf(action, 'agent'))?.id
  },
}

function linkOf(action: GraphNode | undefined): string | undefined {
  return action === undefined ? undefined : (textOf(action, 'link') ?? textOf(action, 'chain'))
}

export interface Culprit {
  readonly kind: string
  readonly id: string
}

export const culpritFields: Fields<Culprit> = {
  kind: (culprit) => culprit.kind,
  id: (culprit) => culprit.id,
  approval: (culprit, _, { load }) =>
    culprit.kind === 'approval' ? load.node.Approval(culprit.id) : undefined,
  link: (culprit, _, { load }) =>
    culprit.kind === 'link' ? load.node.Link(culprit.id) : undefined,
}

export const remedyFields: Fields<NonNullable<FindingBody['remedy']>> = {
  constraints: (remedy) => remedy.constraints ?? [],
  until: ({ until }) => fromNumericDate(until),
}

export const flowFields: Fields<FlowStep> = {
  at: (step) => fromMilliseconds(step.at),
  agent: (step) => agentRef(step.agent),
  action: (step, _, { load }) => loaded(step.action, load.node.Action),
}

export const timelineFields: Fields<FindingBody['timeline'][number]> = {
  at: (entry) => fromMilliseconds(entry.at),
}

export const alertFields: Fields<GraphNode> = {
  id: (node) => node.key,
  channel: (node) => textOf(node, 'channel') ?? '',
  change: (node) => wordOf(textOf(node, 'change'), CHANGES, 'updated'),
  state: (node) => wordOf(textOf(node, 'state'), ALERT_STATES, 'owed'),
  attempts: (node) => intOf(node, 'attempts') ?? 0,
}

function seriesOf(node: GraphNode): string {
  return textOf(node, 'series') ?? textOf(node, 'fingerprint') ?? node.key
}

/** What an incident is called by comes first. */
function urgencyOf(node: GraphNode): number {
  return intOf(node, 'urgency') ?? 0
}

/** A withdrawal may come before the finding is rebuilt: then there is no body yet. */
function body(node: GraphNode): Partial<FindingBody> {
  return jsonOf<FindingBody>(node, 'body') ?? {}
}

async function loaded<V>(
  key: string | undefined,
  load: (key: string) => Promise<V | undefined>,
): Promise<V | undefined> {
  return key === undefined ? undefined : load(key)
}

function ocsfStatus({ columns }: GraphNode) {
  return ocsfStatusOf({
    holds: columns['state'] !== 'withdrawn',
    triage: String(columns['triage'] ?? 'new'),
    suppressed: columns['suppressed'] === true,
  })
}
