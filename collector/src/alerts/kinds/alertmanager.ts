import type { Finding } from '../../findings/finding.ts'
import { severityName } from '../../findings/severity-names.ts'
import type { Delivery, DeliveryResult } from '../channel.ts'
import { proofOf, summaryOf } from '../cloud-event.ts'
import { linkOf } from '../message.ts'
import { json, post } from '../post.ts'
import { targetOf } from '../target.ts'
import { alertName, clip } from '../words.ts'

export interface AlertmanagerSettings {
  readonly url: string
  readonly bearer?: string
  /** Milliseconds between two times that all open findings are said again. */
  readonly resendEvery: number
  readonly groupOf: (finding: Finding) => string
  readonly findingUrl?: string
}

/** As `POST /api/v2/alerts` takes it. Source: Alertmanager's OpenAPI description, version 2. */
export interface PostableAlert {
  /** Names match `[a-zA-Z_][a-zA-Z0-9_]*`; no value is empty. Equal labels are the same alert. */
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt?: string
  readonly generatorURL?: string
}

const BATCH = 200
const LONGEST_LABEL = 1_024
const LONGEST_ANNOTATION = 4_096

/**
 * Pushes to Alertmanager. It forgets an alert after its `resolve_timeout`, so what is open is said
 * again and again, and what is withdrawn gets an end.
 */
export function alertmanager(settings: AlertmanagerSettings): Delivery {
  const base = targetOf(settings.url, 'url')
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/api/v2/alerts`, base)
  const push = (alerts: readonly PostableAlert[], at: number, signal: AbortSignal) =>
    post({ url, ...json(alerts, settings.bearer), at }, signal)
  return {
    deliver(message, signal) {
      // It counts and groups by itself, so no channel of this kind has a limit.
      if (message.kind === 'suppressed') return Promise.resolve({ kind: 'delivered' })
      const { finding, at, closes } = message
      return push([postable(finding, settings, at, closes)], at, signal)
    },
    refresh: {
      every: settings.resendEvery,
      async send(open, now, signal) {
        let result: DeliveryResult = { kind: 'delivered' }
        for (let i = 0; i < open.length && result.kind === 'delivered'; i += BATCH) {
          const alerts = open.slice(i, i + BATCH)
          result = await push(
            alerts.map((finding) => postable(finding, settings, now, false)),
            now,
            signal,
          )
        }
        return result
      },
    },
  }
}

/** What does not change as long as the finding says the same is a label, all else an annotation. */
function postable(
  finding: Finding,
  settings: Pick<AlertmanagerSettings, 'groupOf' | 'findingUrl'>,
  now: number,
  closes: boolean,
): PostableAlert {
  const { body } = finding
  const link = linkOf(finding.id, settings.findingUrl)
  const proof = proofOf(finding, link)
  const labels = {
    alertname: alertName(finding),
    source: 'delegraph',
    rule_id: finding.rule,
    class: finding.class,
    severity: severityName(finding.severity),
    severity_level: String(finding.severity),
    grade: finding.grade,
    pages: String(finding.pages),
    agent: finding.agent,
    from_agent: finding.from,
    owner: body.owner,
    tool: finding.tool,
    chain_id: finding.chain,
    incident: finding.incident,
    fingerprint: finding.fingerprint,
    alert_group: settings.groupOf(finding),
  }
  const annotations = {
    summary: summaryOf(finding),
    counterfactual: body.counterfactual,
    remedy: body.remedy?.sentence,
    finding: finding.id,
    proof: `${proof.export} && ${proof.verify}`,
    link,
  }
  return {
    labels: filled(labels, LONGEST_LABEL),
    annotations: filled(annotations, LONGEST_ANNOTATION),
    // A sender's clock may run before ours: an alert must not end before it begins.
    startsAt: new Date(Math.min(finding.at, now)).toISOString(),
    ...(closes ? { endsAt: new Date(now).toISOString() } : {}),
    ...(link === undefined ? {} : { generatorURL: link }),
  }
}

function filled(
  values: Readonly<Record<string, string | undefined>>,
  longest: number,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, clip(value, longest)]],
    ),
  )
}
