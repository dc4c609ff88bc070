import { createHash } from 'node:crypto'
import { GRADES } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'
import type { GroupBy, Match } from './channel-settings.ts'

/** Which findings a channel is told of, and which of them are one alert. */
export interface AlertRoute {
  /** Stable: it is part of what makes an alert the same one after a restart or a rebuild. */
  readonly name: string
  wants(finding: Finding): boolean
  /** Equal for findings that are one alert here; the gravest of them stands for it. */
  groupOf(finding: Finding): string
}

/** A route by its settings. Everything that is given must fit; of a list, one. */
export function routeOf(settings: {
  readonly name: string
  readonly match: Match
  readonly groupBy: GroupBy
}): AlertRoute {
  const { name, match, groupBy } = settings
  const { rules, classes, agents, owners, minSeverity = 1, minGrade, pages } = match
  return {
    name,
    wants: (finding) =>
      oneOf(rules, finding.rule) &&
      // A weakness that nobody used is no alarm: it is sent to whoever asks for the class.
      (classes === undefined ? finding.class !== 'exposure' : oneOf(classes, finding.class)) &&
      oneOf(agents, finding.agent) &&
      oneOf(owners, finding.body.owner) &&
      finding.severity >= minSeverity &&
      (minGrade === undefined || GRADES.indexOf(finding.grade) <= GRADES.indexOf(minGrade)) &&
      (pages !== true || finding.pages),
    groupOf: (finding) => groupKey(groupBy, finding),
  }
}

/** At most 255 characters of ASCII: PagerDuty's limit for what it deduplicates by. */
function groupKey(by: GroupBy, finding: Finding): string {
  switch (by) {
    case 'fingerprint':
      return finding.fingerprint
    case 'finding':
      return finding.id
    case 'incident':
      return finding.incident
    case 'chain':
      return finding.chain ?? finding.incident
    case 'agent':
      return createHash('sha256').update(finding.agent).digest('base64url').slice(0, 32)
  }
}

function oneOf(list: readonly string[] | undefined, value: string | undefined): boolean {
  return list === undefined || (value !== undefined && list.includes(value))
}
