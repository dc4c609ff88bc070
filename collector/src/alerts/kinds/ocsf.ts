import { open } from 'node:fs/promises'
import { DETECTORS, type Hop, outcomeText } from '@delegraph/graph-schema'
import { OCSF_STATUS } from '../../findings/ocsf-status.ts'
import { severityName } from '../../findings/severity-names.ts'
import { toolName, who } from '../../verify/words.ts'
import type { Delivery, DeliveryResult, FindingMessage } from '../channel.ts'
import { type AlertChange, isEnd, proofOf, summaryOf } from '../cloud-event.ts'
import { post } from '../post.ts'
import { targetOf } from '../target.ts'
import { securityControl } from './ocsf-security-control.ts'

export type OcsfSettings =
  | { readonly file: string }
  | { readonly url: string; readonly bearer?: string }

/** Category Findings, class Detection Finding. Source: ocsf-schema, `events/findings`, 1.9. */
const CATEGORY = 2
const CLASS = 2004
const VERSION = '1.9.0'

/** What a channel calls standard output. */
export const STANDARD_OUTPUT = '-'

const CREATE = [1, 'Create'] as const
const UPDATE = [2, 'Update'] as const
const CLOSE = [3, 'Close'] as const

/** Writes OCSF Detection Findings, one JSON object a line, to a file or to an address. */
export function ocsf(settings: OcsfSettings): Delivery {
  const write = 'file' in settings ? toFile(settings.file) : toUrl(settings)
  return {
    deliver(message, signal) {
      // A log takes everything, so no channel of this kind has a limit.
      if (message.kind === 'suppressed') return Promise.resolve({ kind: 'delivered' })
      return write(`${JSON.stringify(detectionFinding(message))}\n`, message.at, signal)
    },
  }
}

type Write = (line: string, at: number, signal: AbortSignal) => Promise<DeliveryResult>

function toUrl(settings: { readonly url: string; readonly bearer?: string }): Write {
  const url = targetOf(settings.url, 'url')
  const bearer = settings.bearer === undefined ? {} : { authorization: `Bearer ${settings.bearer}` }
  const headers = { 'content-type': 'application/x-ndjson', ...bearer }
  return (body, at, signal) => post({ url, headers, body, at }, signal)
}

/** Where whatever runs the collector gathers its standard output. It counts as delivered when it was written. */
function toStandardOutput(): Write {
  return (line) =>
    new Promise((resolve) => {
      process.stdout.write(line, (error) =>
        resolve(
          error === null || error === undefined
            ? { kind: 'delivered' }
            : { kind: 'later', reason: 'standard output is closed' },
        ),
      )
    })
}

/** Opened for each line, so that the file may be rotated; on the disk before it counts as delivered. */
function toFile(path: string): Write {
  if (path === STANDARD_OUTPUT) return toStandardOutput()
  return async (line, _at, signal) => {
    signal.throwIfAborted()
    try {
      await using file = await open(path, 'a+', 0o600)
      const { size } = await file.stat()
      const last = Buffer.alloc(1)
      if (size > 0) await file.read(last, 0, 1, size - 1)
      // A line that a crash cut must not take the next one with it.
      const torn = size > 0 && last.toString() !== '\n'
      await file.appendFile(torn ? `\n${line}` : line)
      await file.datasync()
      return { kind: 'delivered' }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
      return { kind: 'later', reason: `the file was not written: ${code}` }
    }
  }
}

/** The event of a message. Severity levels are those of OCSF; what has no field is in `unmapped`. */
export function detectionFinding(message: FindingMessage): Record<string, unknown> {
  const { finding, event, closes, occurrences, link, trace } = message
  const { body } = finding
  const control = securityControl(message.decisions ?? [])
  const [activity, activityName] = closes
    ? CLOSE
    : event.data.change === 'updated' || event.data.change === 'acknowledged'
      ? UPDATE
      : CREATE
  return {
    category_uid: CATEGORY,
    category_name: 'Findings',
    class_uid: CLASS,
    class_name: 'Detection Finding',
    type_uid: CLASS * 100 + activity,
    type_name: `Detection Finding: ${activityName}`,
    activity_id: activity,
    activity_name: activityName,
    time: Date.parse(event.time),
    message: summaryOf(finding),
    severity_id: finding.severity,
    severity: capital(severityName(finding.severity)),
    ...statusOf(event.data.change),
    is_alert: finding.pages,
    count: occurrences,
    confidence_id: finding.certainty === 'certain' ? 3 : 1,
    confidence: finding.certainty === 'certain' ? 'High' : 'Low',
    ...control,
    metadata: {
      version: VERSION,
      ...(control === undefined ? {} : { profiles: ['security_control'] }),
      product: { name: 'Delegraph', vendor_name: 'Delegraph' },
      uid: message.id,
      correlation_uid: finding.incident,
      ...(trace === undefined ? {} : { original_event_uid: trace.spanId }),
    },
    finding_info: {
      uid: message.group,
      uid_alt: finding.id,
      title: body.title,
      ...(body.counterfactual === undefined ? {} : { desc: body.counterfactual }),
      types: [finding.class],
      created_time: finding.at,
      modified_time: Date.parse(event.time),
      analytic: { type_id: 1, type: 'Rule', uid: finding.rule, name: DETECTORS[finding.rule] },
      ...(link === undefined ? {} : { src_url: link }),
    },
    ...(body.remedy === undefined ? {} : { remediation: { desc: body.remedy.sentence } }),
    ...(finding.tool === undefined
      ? {}
      : { resources: [{ uid: finding.tool, name: toolName(finding.tool), type: 'tool' }] }),
    evidences: [
      {
        ai_agent: { uid: finding.agent, name: who(finding.agent) },
        data: {
          grade: finding.grade,
          ...(trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId }),
          ...(finding.chain === undefined ? {} : { delegation_chain: finding.chain }),
          ...(finding.link === undefined ? {} : { delegation_link: finding.link }),
          ...(body.hops.length === 0 ? {} : { delegations: body.hops.map(delegationOf) }),
          proof: event.data.proof ?? proofOf(finding, link),
        },
      },
    ],
    unmapped: {
      grade: finding.grade,
      certainty: finding.certainty,
      fingerprint: finding.fingerprint,
      ...(finding.from === undefined ? {} : { from_agent: finding.from }),
      ...(body.owner === undefined ? {} : { owner: body.owner }),
      ...(body.principal === undefined ? {} : { principal: body.principal }),
    },
  }
}

/**
 * A link in the words of `objects/delegation` of 1.9. `parent_uid` is always there: null of a root, `unknown` of a link whose
 * parent nobody has, which is no root.
 */
function delegationOf(hop: Hop, index: number, hops: readonly Hop[]): Record<string, unknown> {
  return {
    uid: hop.link,
    parent_uid: hops[index - 1]?.link ?? (hop.depth === 0 ? null : 'unknown'),
    issuer_uid: hop.delegator,
    delegate_uid: hop.delegate,
    scopes: hop.granted.map(({ tool }) => tool),
    outcome: outcomeText(hop.outcome),
    ...(hop.issuedAt === undefined ? {} : { created_time: hop.issuedAt * 1000 }),
    ...(hop.expiresAt === undefined ? {} : { expiration_time: hop.expiresAt * 1000 }),
  }
}

function statusOf(change: AlertChange): { readonly status_id: number; readonly status: string } {
  if (change === 'acknowledged') return OCSF_STATUS.taken
  if (change === 'accepted' || change === 'suppressed') return OCSF_STATUS.aside
  return isEnd(change) ? OCSF_STATUS.over : OCSF_STATUS.new
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
