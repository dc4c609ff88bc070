import { ATTR, EVENT } from '@delegraph/graph-schema'
import { boundedMap, type IssuedLink, PROFILE, textDigest } from '@delegraph/link'
import { type EvidenceLogger, emitTo } from '../trace/logger.ts'
import type { Attributes, EvidenceEvent, SpanIds } from './event.ts'
import { LogSender, type SenderStats } from './log-sender.ts'

/** What may go wrong with evidence while the agent goes on. */
export interface Warning {
  readonly code:
    | 'queue_full'
    | 'refused'
    | 'unreachable'
    | 'attribute_cut'
    | 'logger_failed'
    | 'span_failed'
    | 'receipt_failed'
    | 'identity_failed'
    | 'pop_failed'
    | 'decision_failed'
    | 'guard_failed'
  readonly message: string
}

/** How evidence leaves the process; the same members for agents, principals and approvers. */
export interface EvidenceOptions {
  /** Base URL of an OTLP/HTTP collector; without one, and without `logger`, spans alone carry evidence. */
  readonly collector?: string
  /** Headers for that collector. */
  readonly headers?: Readonly<Record<string, string>>
  /** A logger of OpenTelemetry (either line) to use instead of our own sender. */
  readonly logger?: EvidenceLogger
  /**
   * `both` where absent. `logs`: signed texts and arguments stay off the spans, for a trace back
   * end of somebody else. `spans`: no log records.
   */
  readonly evidence?: 'both' | 'logs' | 'spans'
  /** Told once of each kind of loss; `process.emitWarning` where absent. */
  readonly onWarning?: (warning: Warning) => void
}

/** What became of the evidence so far. */
export interface Stats extends SenderStats {
  /** Pieces of evidence that failed inside the process: a signer, a logger or a span that threw. */
  readonly failed: number
}

/** Carries evidence out of the process and never throws. */
export interface Recorder {
  /** Whether signed texts and arguments go onto spans. */
  readonly onSpans: boolean
  /** Whether there is a way for log records. */
  readonly onLogs: boolean
  readonly stats: Stats
  event(event: Omit<EvidenceEvent, 'time'>): void
  /** Once per text. */
  link(
    link: Pick<IssuedLink, 'text' | 'hash'> & Partial<IssuedLink>,
    ids: SpanIds | undefined,
  ): void
  /** Once per text; a denial too. */
  approval(text: string, attributes: Attributes, ids: SpanIds | undefined): void
  /** Once per workload identity token. */
  identity(text: string, attributes: Attributes, ids: SpanIds | undefined): void
  /** Whether a text that is recorded once by its digest was. */
  knows(text: string): boolean
  /** Counts a failure and warns once of its kind. */
  failed(code: Warning['code'], message: string): void
  /** Warns once of this kind. */
  warn(code: Warning['code'], message: string): void
  flush(milliseconds?: number): Promise<boolean>
  shutdown(milliseconds?: number): Promise<void>
}

export function createRecorder(options: EvidenceOptions, resource: Attributes): Recorder {
  const warned = new Set<Warning['code']>()
  const seen = boundedMap<true>(4096)
  let failures = 0

  const warn = (code: Warning['code'], message: string): void => {
    if (warned.has(code)) return
    warned.add(code)
    tell(options.onWarning, { code, message })
  }
  const failed = (code: Warning['code'], message: string): void => {
    failures += 1
    warn(code, message)
  }
  const evidence = options.evidence ?? 'both'
  const sender = evidence === 'spans' ? undefined : senderOf(options, resource, warn)
  const logger = evidence === 'spans' ? undefined : options.logger

  const event = (item: Omit<EvidenceEvent, 'time'>): boolean => {
    const timed = { ...item, time: Date.now() }
    try {
      if (logger !== undefined) emitTo(logger, timed)
      else if (sender !== undefined) return sender.enqueue(timed)
      return true
    } catch {
      failed('logger_failed', 'the logger handed in threw; its evidence is lost')
      return false
    }
  }
  // By the whole text: its hash leaves the signature out, and a broken copy must not hide the true one.
  const once = (item: Omit<EvidenceEvent, 'time'>): void => {
    const digest = textDigest(item.text)
    if (seen.get(digest) === undefined && event(item)) seen.set(digest, true)
  }
  return {
    onSpans: evidence !== 'logs',
    onLogs: sender !== undefined || logger !== undefined,
    get stats() {
      return { ...(sender?.stats ?? NO_SENDER), failed: failures }
    },
    event,
    link: (link, ids) =>
      once({ name: EVENT.link, text: link.text, attributes: linkAttributes(link), ids }),
    approval: (text, attributes, ids) => once({ name: EVENT.approval, text, attributes, ids }),
    identity: (text, attributes, ids) => once({ name: EVENT.identity, text, attributes, ids }),
    knows: (text) => seen.get(textDigest(text)) === true,
    failed,
    warn,
    flush: async (milliseconds) => (await sender?.flush(milliseconds)) ?? true,
    shutdown: async (milliseconds) => sender?.shutdown(milliseconds),
  }
}

const NO_SENDER: SenderStats = { queued: 0, sent: 0, dropped: 0, refused: 0, retries: 0 }

function senderOf(
  options: EvidenceOptions,
  resource: Attributes,
  warn: (code: Warning['code'], message: string) => void,
): LogSender | undefined {
  const { collector, headers, logger } = options
  if (collector === undefined || logger !== undefined) return undefined
  return new LogSender({
    collector,
    resource,
    ...(headers === undefined ? {} : { headers }),
    onLoss: (loss, detail) => warn(loss, MESSAGES[loss](detail)),
  })
}

const MESSAGES = {
  queue_full: (detail: string) => `evidence is being lost: ${detail}`,
  refused: (detail: string) => `the collector refused evidence: ${detail}`,
  unreachable: (detail: string) => `the collector does not answer, evidence waits: ${detail}`,
} as const

function linkAttributes(link: Pick<IssuedLink, 'text' | 'hash'> & Partial<IssuedLink>): Attributes {
  const { claims } = link
  const base = {
    [ATTR.profile]: PROFILE,
    [ATTR.linkHash]: link.hash,
    [ATTR.linkSize]: link.text.length,
  }
  if (claims === undefined) return base
  return {
    ...base,
    [ATTR.depth]: claims.del_depth,
    [ATTR.taskId]: claims.txn,
    [ATTR.agentId]: claims.act.sub,
    ...(claims.par_hash === undefined ? {} : { [ATTR.parentHash]: claims.par_hash }),
  }
}

function tell(onWarning: EvidenceOptions['onWarning'], warning: Warning): void {
  try {
    if (onWarning !== undefined) onWarning(warning)
    else process.emitWarning(warning.message, { type: 'DelegraphWarning', code: warning.code })
  } catch {
    // A handler that throws must not take the agent down.
  }
}
