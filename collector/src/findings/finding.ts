import { createHash } from 'node:crypto'
import type {
  Assignments,
  Authority,
  Certainty,
  DetectorId,
  EffectClass,
  FindingBody,
  FindingClass,
  Grade,
  Hop,
  TimelineEntry,
  Verdict,
} from '@delegraph/graph-schema'
import { isRooted } from '../verify/auth.ts'
import { hopsOf } from '../verify/authority.ts'
import { isForeign, type Path } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import { toolName, what, who } from '../verify/words.ts'
import { assignmentsOf, certaintyOf } from './definition/assignments.ts'
import { HELD_BACK, inOrder, urgencyOf } from './definition/headline.ts'
import { weakest } from './definition/influence.ts'
import { overlaps } from './definition/overlap.ts'
import { resourceClass } from './definition/resource-class.ts'
import { type ActionCase, type Hit, isExecuted, type LinkCase, type Rule } from './rule.ts'
import { RULES } from './rules/index.ts'
import { pages, severityOf } from './severity.ts'

/** A finding as it is stored, exported and sent: what fired, on what, and why to believe it. */
export interface Finding {
  /** Depends on the rule and on what it fired on, and on nothing else. */
  readonly id: string
  readonly rule: DetectorId
  readonly class: FindingClass
  readonly severity: number
  readonly certainty: Certainty
  readonly grade: Grade
  readonly pages: boolean
  /** All that fired on one action, or on one link, is one incident. */
  readonly incident: string
  /** Equal for repetitions of the same thing: what alerts are deduplicated by. */
  readonly fingerprint: string
  /**
   * Equal for incidents that are the same thing again, in whichever chain: rule, approval, from, to, permission and
   * class of resource of what the incident is called by.
   */
  readonly series: string
  readonly action?: string
  readonly link?: string
  readonly chain?: string
  readonly task?: string
  /** Who gained. */
  readonly agent: string
  /** Whose authority it was. */
  readonly from?: string
  readonly tool?: string
  /** What the action was done to. */
  readonly resource?: string
  /** Links of the path from the principal to whoever acted; absent where the path is not known. */
  readonly hops?: number
  readonly culprit?: { readonly kind: string; readonly id: string }
  /** Epoch milliseconds of the action, or of the link's issue. */
  readonly at: number
  readonly body: FindingBody
}

/** Every finding that an action gives. What makes a chain unproven silences what rests on it. */
export function findingsOfAction(subject: ActionCase, effectOf: EffectOf): Finding[] {
  const foreign = isForeign(subject.action.path.links.at(-1))
  const hits = RULES.flatMap((rule) => {
    if (rule.on !== 'action' || (foreign && OF_OUR_CHAINS.has(rule.id))) return []
    const hit = rule.check(subject)
    return hit === undefined ? [] : [{ rule, hit }]
  })
  const broken = hits.some(({ rule }) => rule.id === 'D10') || chainIsForged(subject)
  const told = hits
    .filter(({ rule }) => !(broken && HELD_BACK.has(rule.id)))
    .map(({ rule, hit }) => ({ id: rule.id, behind: hit.behind, rule, hit }))
  const found = inOrder(told).map(({ rule, hit }) => actionFinding(rule, hit, subject, effectOf))
  return ofOneSeries(onePages(found))
}

/** Every finding that a link gives. */
export function findingsOfLink(subject: LinkCase, effectOf: EffectOf): Finding[] {
  // Attempts that were all blocked are shown as such: nobody got anything by the link.
  const { exercised } = subject
  const blocked = exercised.length > 0 && !exercised.some(isExecuted)
  const found = RULES.flatMap((rule) => {
    if (rule.on !== 'link' || (blocked && rule.knowsUse !== true)) return []
    const hit = rule.check(subject)
    return hit === undefined ? [] : [linkFinding(rule, hit, subject, effectOf)]
  })
  return ofOneSeries(found)
}

/** An incident wakes somebody once, by the first of its findings in the order of headlines. */
function onePages(found: readonly Finding[]): Finding[] {
  const first = found.find((finding) => finding.pages)
  return found.map((finding) => (finding === first ? finding : { ...finding, pages: false }))
}

/** All of an incident are of the series of what it is called by. */
function ofOneSeries(found: readonly Finding[]): Finding[] {
  const [first] = found.toSorted((a, b) => urgencyOf(b) - urgencyOf(a))
  if (first === undefined) return []
  const { rule, culprit, from = '', agent, tool = '', resource = '' } = first
  const approval = culprit?.kind === 'approval' ? culprit.id : ''
  const series = hash('series', rule, approval, from, agent, tool, resourceClass(resource))
  return found.map((finding) => ({ ...finding, series }))
}

type EffectOf = (tool: string) => EffectClass | undefined

/** What they ask is asked of chains of ours alone: a token of another kind accuses nobody. */
const OF_OUR_CHAINS: ReadonlySet<DetectorId> = new Set<DetectorId>(['D2', 'D8', 'D13', 'D15'])

/** Too late, too wide or for somebody else: a chain that holds together all the same. */
const MERELY: ReadonlySet<string> = new Set([
  'expired',
  'not_yet_valid',
  'not_narrower',
  'lifetime_exceeded',
  'depth_invalid',
  'delegate_not_permitted',
  'principal_altered',
])

function chainIsForged({ action }: ActionCase): boolean {
  const { chain } = action.verdict
  return chain.state === 'failed' && !MERELY.has(chain.code)
}

function actionFinding(rule: Rule, hit: Hit, subject: ActionCase, effectOf: EffectOf): Finding {
  const { action, authority, registry } = subject
  const assignments = assignmentsOf(rule, subject)
  return finding(rule, hit, {
    subject: action.id,
    effect: effectOf(action.tool),
    grade: action.grade,
    certainty: certaintyOf(subject, assignments),
    crossesOwner: crossesOwner(hit, registry),
    afterDenial: subject.around.denials.some((record) => overlaps(record, action)),
    unrooted: action.path.links.length > 0 && !isRooted(action.path, registry),
    decided: action.decisions.some(({ outcome }) => outcome.state === 'ok'),
    ...(assignments === undefined ? {} : { assignments }),
    settled: action.settled,
    hops: authority.hops,
    path: action.path,
    uncovered: authority.uncoveredHop,
    verdict: action.verdict,
    registryVersion: registry.version,
    owner: registry.owner(hit.gained)?.owner,
    principal: action.principal,
    timeline: actionTimeline(subject, authority),
    at: action.at * 1000,
    columns: {
      action: action.id,
      tool: action.tool,
      ...(action.link === undefined ? {} : { link: action.link }),
      ...(action.chain === undefined ? {} : { chain: action.chain }),
      ...(action.task === undefined ? {} : { task: action.task }),
      ...(action.resource === undefined ? {} : { resource: action.resource }),
    },
  })
}

function linkFinding(rule: Rule, hit: Hit, subject: LinkCase, effectOf: EffectOf): Finding {
  const { link, path, exercised, registry } = subject
  const tool = hit.remedy.tool ?? exercised[0]?.tool ?? Object.keys(link.tools)[0]
  const issued = (link.issuedAt ?? 0) * 1000
  const used = hit.unused === true ? undefined : (hit.action ?? exercised.find(isExecuted)?.id)
  return finding(rule, hit, {
    subject: link.hash,
    effect: tool === undefined ? undefined : effectOf(tool),
    grade: link.signature === 'missing' ? 'asserted' : 'signed',
    certainty: 'certain',
    crossesOwner: crossesOwner(hit, registry),
    afterDenial: false,
    unrooted: !isRooted(path, registry),
    decided: false,
    settled: true,
    hops: hopsOf(path, { tool: tool ?? '' }),
    path,
    uncovered: path.links.indexOf(link),
    verdict: undefined,
    registryVersion: registry.version,
    owner: registry.owner(hit.gained)?.owner,
    principal: link.principal,
    timeline: [
      ...linkTimeline(path.links),
      ...exercised.map((action) => ({
        at: action.at,
        what: `${who(action.agent)} used it for ${toolName(action.tool)}`,
      })),
    ],
    at: issued,
    columns: {
      link: link.hash,
      ...(used === undefined ? {} : { action: used }),
      ...(path.complete && path.links[0] !== undefined ? { chain: path.links[0].hash } : {}),
      ...(link.task === undefined ? {} : { task: link.task }),
      ...(tool === undefined ? {} : { tool }),
    },
  })
}

interface Common {
  readonly subject: string
  readonly effect: EffectClass | undefined
  readonly grade: Grade
  readonly certainty: Certainty
  readonly settled: boolean
  readonly hops: readonly Hop[]
  readonly path: Path
  readonly uncovered: number | undefined
  readonly verdict: Verdict | undefined
  readonly registryVersion: string
  readonly owner: string | undefined
  readonly principal: string | undefined
  readonly timeline: readonly TimelineEntry[]
  readonly at: number
  readonly crossesOwner: boolean
  readonly afterDenial: boolean
  readonly unrooted: boolean
  readonly decided: boolean
  readonly assignments?: Assignments
  readonly columns: Pick<Finding, 'action' | 'link' | 'chain' | 'task' | 'tool' | 'resource'>
}

function finding(rule: Rule, hit: Hit, common: Common): Finding {
  const grade = weakest([common.grade, ...(hit.rests ?? [])])
  const severity = severityOf(hit, { ...common, grade })
  const kind = hit.class ?? rule.class
  const { culprit, from } = hit
  const hops = hopCount(common)
  return {
    id: hash(rule.id, common.subject),
    rule: rule.id,
    class: kind,
    severity: severity.level,
    certainty: common.certainty,
    grade,
    pages: pages({
      ...common,
      grade,
      severity: severity.level,
      class: kind,
      pageable: hit.pageable ?? true,
    }),
    incident: incidentOf(common.subject),
    fingerprint: hash(
      rule.id,
      culprit?.kind === 'approval' ? culprit.id : '',
      from ?? '',
      hit.gained,
      common.columns.tool ?? '',
      common.columns.chain ?? '',
    ),
    // Until it is known what the incident is called by.
    series: '',
    agent: hit.gained,
    at: common.at,
    ...common.columns,
    ...(hops === undefined ? {} : { hops }),
    ...(from === undefined ? {} : { from }),
    ...(culprit === undefined ? {} : { culprit }),
    body: {
      title: hit.title,
      facts: hit.facts.map(({ text }) => text),
      shownBy: hit.facts.map((fact) => fact.shownBy),
      remedy: hit.remedy,
      hops: common.hops,
      severityReasons: severity.reasons,
      timeline: [...common.timeline, ...(hit.timeline ?? [])].sort((a, b) => a.at - b.at),
      registryVersion: common.registryVersion,
      grade,
      ...(hit.flow === undefined ? {} : { flow: hit.flow }),
      ...(common.assignments === undefined ? {} : { assignments: common.assignments }),
      ...(hit.counterfactual === undefined ? {} : { counterfactual: hit.counterfactual }),
      ...(hit.source === undefined ? {} : { source: hit.source }),
      ...(common.uncovered === undefined || common.uncovered < 0
        ? {}
        : { uncoveredHop: common.uncovered }),
      ...(common.verdict === undefined ? {} : { verdict: common.verdict }),
      ...(common.owner === undefined ? {} : { owner: common.owner }),
      ...(common.principal === undefined ? {} : { principal: common.principal }),
    },
  }
}

/** Of the one path that it was on: of none, of one with a link missing, or of several it is not known. */
function hopCount({ path, hops, assignments }: Common): number | undefined {
  const isKnown = path.complete && hops.length > 0 && assignments === undefined
  return isKnown ? hops.length : undefined
}

function actionTimeline({ action }: ActionCase, authority: Authority): TimelineEntry[] {
  const approvals = action.approvals.map((record) => ({
    at: record.issuedAt * 1000,
    what: `${who(record.approver)} ${record.decision === 'approve' ? 'approved' : 'denied'} ${toolName(record.tool)} for ${record.subject === undefined ? 'an unknown link' : who(record.subject)}`,
  }))
  const done = {
    at: action.at * 1000,
    what: `${who(action.agent)} did ${what(action.call)}`,
  }
  const hops = authority.hops.flatMap((hop) =>
    hop.issuedAt === undefined
      ? []
      : [
          {
            at: hop.issuedAt * 1000,
            what: `${who(hop.delegator)} gave ${who(hop.delegate)} a link`,
          },
        ],
  )
  return [...hops, ...approvals, done]
}

function linkTimeline(
  links: readonly { issuedAt?: number; delegator: string; delegate: string }[],
): TimelineEntry[] {
  return links.flatMap((link) =>
    link.issuedAt === undefined
      ? []
      : [
          {
            at: link.issuedAt * 1000,
            what: `${who(link.delegator)} gave ${who(link.delegate)} a link`,
          },
        ],
  )
}

function crossesOwner({ gained, from }: Hit, registry: Registry): boolean {
  const owners = [gained, from].map((agent) => agent && registry.owner(agent)?.owner)
  return owners.every((owner) => owner !== undefined) && owners[0] !== owners[1]
}

/** The incident of one action or one link, whatever fired on it. */
export function incidentOf(subject: string): string {
  return hash('incident', subject)
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)
}
