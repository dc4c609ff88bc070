import { createHash } from 'node:crypto'
import type {
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
import { hopsOf } from '../verify/authority.ts'
import { toolName, what, who } from '../verify/words.ts'
import type { ActionCase, Hit, LinkCase, Rule } from './rule.ts'
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
  readonly action?: string
  readonly link?: string
  readonly chain?: string
  readonly task?: string
  /** Who gained. */
  readonly agent: string
  /** Whose authority it was. */
  readonly from?: string
  readonly tool?: string
  readonly culprit?: { readonly kind: string; readonly id: string }
  /** Epoch milliseconds of the action, or of the link's issue. */
  readonly at: number
  readonly body: FindingBody
}

/** Every finding that an action gives. What makes a chain unproven silences what rests on it. */
export function findingsOfAction(subject: ActionCase, effectOf: EffectOf): Finding[] {
  const hits = RULES.flatMap((rule) => {
    if (rule.on !== 'action') return []
    const hit = rule.check(subject)
    return hit === undefined ? [] : [{ rule, hit }]
  })
  const broken = hits.some(({ rule }) => rule.id === 'D10') || chainIsForged(subject)
  return hits
    .filter(({ rule }) => !(broken && HELD_BACK.has(rule.id)))
    .map(({ rule, hit }) => actionFinding(rule, hit, subject, effectOf))
}

/** Every finding that a link gives. */
export function findingsOfLink(subject: LinkCase, effectOf: EffectOf): Finding[] {
  return RULES.flatMap((rule) => {
    if (rule.on !== 'link') return []
    const hit = rule.check(subject)
    return hit === undefined ? [] : [linkFinding(rule, hit, subject, effectOf)]
  })
}

type EffectOf = (tool: string) => EffectClass | undefined

/** Their premises are unproven where the chain itself does not hold. */
const HELD_BACK: ReadonlySet<DetectorId> = new Set<DetectorId>(['D2', 'D3', 'D12'])

function chainIsForged({ action }: ActionCase): boolean {
  const { chain } = action.verdict
  return (
    chain.state === 'failed' && !['expired', 'not_yet_valid', 'not_narrower'].includes(chain.code)
  )
}

function actionFinding(rule: Rule, hit: Hit, subject: ActionCase, effectOf: EffectOf): Finding {
  const { action, authority, registry } = subject
  const certainty: Certainty = action.effect === 'ok' ? 'certain' : 'unknown'
  return finding(rule, hit, {
    subject: action.id,
    effect: effectOf(action.tool),
    grade: action.grade,
    certainty,
    settled: action.settled,
    hops: authority.hops,
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
    },
  })
}

function linkFinding(rule: Rule, hit: Hit, subject: LinkCase, effectOf: EffectOf): Finding {
  const { link, path, exercised, registry } = subject
  const tool = hit.remedy.tool ?? exercised[0]?.tool ?? Object.keys(link.tools)[0]
  const issued = (link.issuedAt ?? 0) * 1000
  return finding(rule, hit, {
    subject: link.hash,
    effect: tool === undefined ? undefined : effectOf(tool),
    grade: link.signature === 'missing' ? 'asserted' : 'signed',
    certainty: 'certain',
    settled: true,
    hops: hopsOf(path, { tool: tool ?? '' }),
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
      ...(exercised[0] === undefined ? {} : { action: exercised[0].id }),
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
  readonly uncovered: number | undefined
  readonly verdict: Verdict | undefined
  readonly registryVersion: string
  readonly owner: string | undefined
  readonly principal: string | undefined
  readonly timeline: readonly TimelineEntry[]
  readonly at: number
  readonly columns: Pick<Finding, 'action' | 'link' | 'chain' | 'task' | 'tool'>
}

function finding(rule: Rule, hit: Hit, common: Common): Finding {
  const severity = severityOf(hit, common.effect, common.grade)
  const kind = hit.class ?? rule.class
  const { culprit, from } = hit
  return {
    id: hash(rule.id, common.subject),
    rule: rule.id,
    class: kind,
    severity: severity.level,
    certainty: common.certainty,
    grade: common.grade,
    pages: pages({ ...common, severity: severity.level, class: kind }),
    incident: incidentOf(common.subject),
    fingerprint: hash(
      rule.id,
      culprit?.kind === 'approval' ? culprit.id : '',
      from ?? '',
      hit.gained,
      common.columns.tool ?? '',
      common.columns.chain ?? '',
    ),
    agent: hit.gained,
    at: common.at,
    ...common.columns,
    ...(from === undefined ? {} : { from }),
    ...(culprit === undefined ? {} : { culprit }),
    body: {
      title: hit.title,
      facts: hit.facts,
      remedy: hit.remedy,
      hops: common.hops,
      severityReasons: severity.reasons,
      timeline: [...common.timeline].sort((a, b) => a.at - b.at),
      registryVersion: common.registryVersion,
      grade: common.grade,
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

/** The incident of one action or one link, whatever fired on it. */
export function incidentOf(subject: string): string {
  return hash('incident', subject)
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)
}
