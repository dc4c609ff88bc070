import { createHash } from 'node:crypto'
import {
  ATTR,
  ATTR_EVENT_NAME,
  ATTR_PREFIX,
  EVENT,
  GEN_AI,
  GEN_AI_OPERATION,
  OBSERVED_PREFIXES,
  SERVICE_INSTANCE_ID,
} from '@delegraph/graph-schema'
import { LIMITS, signingInputHash, textDigest } from '@delegraph/link'
import type { DecodedLog, DecodedSpan, Wanted } from '../receive/index.ts'
import { parseAsserted } from './asserted.ts'
import {
  type Attributes,
  hashesIn,
  MAX_INSTANCE,
  milliseconds,
  optional,
  sessionOf,
  textOf,
  textsOf,
} from './attributes.ts'
import { foreignTokens } from './foreign.ts'
import { movementOf, movementPlace } from './movement.ts'
import { OCSF_WORD, ocsfDelegation } from './ocsf.ts'
import { reports } from './reports.ts'
import type {
  AssertedEvidence,
  CallEvidence,
  CallFacts,
  Evidence,
  ForeignEvidence,
  SignedEvidence,
  SignedKind,
} from './types.ts'

/** Prefixes of the attributes that evidence is made of; the decoder skips all others. */
export const WANTED: Wanted = [
  ATTR_PREFIX,
  ATTR_EVENT_NAME,
  ...OBSERVED_PREFIXES,
  SERVICE_INSTANCE_ID,
]

/** Log records without any of those are read where their body holds one of these. */
export const WANTED_BODIES: readonly string[] = [OCSF_WORD]

/** Longer texts are of no type that the profile knows; the journal has their bytes. */
const MAX_TEXT = LIMITS.artefactSize

const SIGNED_ATTRIBUTES: readonly (readonly [string, SignedKind])[] = [
  [ATTR.linkJws, 'link'],
  [ATTR.receipt, 'receipt'],
  [ATTR.approval, 'approval'],
  [ATTR.decision, 'decision'],
  [ATTR.revocation, 'revocation'],
  [ATTR.completion, 'completion'],
  [ATTR.credentialJws, 'credential'],
  [ATTR.identityJws, 'identity'],
]

/** SPAN_KIND_CLIENT of opentelemetry-proto. */
const CLIENT = 3

const EVENT_KINDS: Readonly<Record<string, SignedKind>> = {
  [EVENT.link]: 'link',
  [EVENT.receipt]: 'receipt',
  [EVENT.approval]: 'approval',
  [EVENT.decision]: 'decision',
  [EVENT.revocation]: 'revocation',
  [EVENT.completion]: 'completion',
  [EVENT.credential]: 'credential',
  [EVENT.identity]: 'identity',
}

/** Evidence of one span: its signed texts, and the call itself where the span is one. */
export function evidenceOfSpan(span: DecodedSpan): Evidence[] {
  const action = `${span.traceId}-${span.spanId}`
  const signed = signedTexts(span.attributes, action)
  const others = [...reports(signed, span.attributes), ...foreignIn(span.attributes, action)]
  const moved = movementOf(span.attributes, span)
  if (moved !== undefined) return [...signed, ...others, moved]
  const call = callOf(span, action, signed)
  return call === undefined ? [...signed, ...others] : [...signed, ...others, call]
}

/** Evidence of one log record: its body or its attributes, which say the same. */
export function evidenceOfLog(log: DecodedLog): Evidence[] {
  const action =
    log.traceId === undefined || log.spanId === undefined
      ? undefined
      : `${log.traceId}-${log.spanId}`
  const signed = signedTexts(log.attributes, action)
  const name = log.eventName ?? textOf(log.attributes, ATTR_EVENT_NAME)
  const kind = name === undefined ? undefined : EVENT_KINDS[name]
  if (kind !== undefined && typeof log.body === 'string') {
    const item = signedItem(kind, log.body, action, sizeOf(log.attributes, kind))
    if (!signed.some((other) => other.id === item.id)) signed.push(item)
  }
  const tokens = name === EVENT.foreign && typeof log.body === 'string' ? [log.body] : []
  const delegation = ocsfDelegation(log.body)
  const asserted =
    name === EVENT.asserted && typeof log.body === 'string' ? [assertedItem(log.body)] : []
  return [
    ...signed,
    ...foreignIn(log.attributes, action, tokens),
    ...(delegation === undefined ? [] : [delegation]),
    ...reports([...signed, ...asserted], log.attributes),
    ...asserted,
    ...(name === EVENT.data ? listOf(movementOf(log.attributes, movementPlace(log))) : []),
  ]
}

function foreignIn(
  attributes: Attributes,
  action: string | undefined,
  more: readonly string[] = [],
): ForeignEvidence[] {
  const tokens = [...more, ...textsOf(attributes, ATTR.foreignJws)]
  return tokens.length === 0
    ? []
    : foreignTokens(tokens, textsOf(attributes, ATTR.foreignDpop), action)
}

function listOf<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item]
}

/** One unsigned statement as evidence, whatever its form. */
export function assertedItem(body: string): AssertedEvidence {
  const parsed = parseAsserted(body)
  if (parsed === undefined) {
    return { kind: 'asserted', id: textDigest(body), text: body.slice(0, MAX_TEXT) }
  }
  return { kind: 'asserted', id: parsed.hash, text: parsed.text, record: parsed.record }
}

function signedTexts(attributes: Attributes, action: string | undefined): SignedEvidence[] {
  const found: SignedEvidence[] = []
  for (const [name, kind] of SIGNED_ATTRIBUTES) {
    for (const text of textsOf(attributes, name)) {
      found.push(signedItem(kind, text, action, sizeOf(attributes, kind)))
    }
  }
  return found
}

/** One signed text as evidence; `claimedSize` is what its sender says it had. */
export function signedItem(
  kind: SignedKind,
  text: string,
  action: string | undefined,
  claimedSize?: number,
): SignedEvidence {
  const id = textDigest(text)
  const tooLarge = text.length > MAX_TEXT
  return {
    kind,
    id,
    artefact: (tooLarge ? undefined : signingInputHash(text)) ?? id,
    size: text.length,
    truncated:
      (claimedSize !== undefined && claimedSize > text.length) || isMasked(text) || isCut(text),
    ...(tooLarge ? {} : { text }),
    ...(action === undefined ? {} : { action }),
  }
}

/** Log pipelines that hide what looks like a token leave asterisks, dots or a word in brackets. */
function isMasked(text: string): boolean {
  return text.length < 4096 && /\*{3,}|…|\.{3}|^[[<][\w :-]+[\]>]$/.test(text)
}

/**
 * The beginning of a compact JWS: it lacks parts, or characters of its signature, which has 86 with
 * both algorithms. Only links say how long they were; limits cut everything else as well.
 */
function isCut(text: string): boolean {
  return /^eyJ[\w-]*(?:\.[\w-]*(?:\.[\w-]{0,85})?)?$/.test(text)
}

function sizeOf(attributes: Attributes, kind: SignedKind): number | undefined {
  const size = attributes[ATTR.linkSize]
  return kind === 'link' && typeof size === 'number' ? size : undefined
}

function callOf(
  span: DecodedSpan,
  action: string,
  signed: readonly SignedEvidence[],
): CallEvidence | undefined {
  const a = span.attributes
  const instrumented = a[ATTR.tool] !== undefined || a[ATTR.actionHash] !== undefined
  const observed =
    a[GEN_AI.operationName] === GEN_AI_OPERATION.executeTool ||
    (a[GEN_AI.mcpMethod] === 'tools/call' && span.kind === CLIENT)
  if (!instrumented && !observed) return undefined
  const facts: CallFacts = {
    trace: span.traceId,
    span: span.spanId,
    name: span.name.slice(0, 256).toWellFormed(),
    startedAt: milliseconds(span.startNs),
    endedAt: milliseconds(span.endNs),
    statusError: span.statusCode === 2,
    ...optional('parentSpan', span.parentSpanId),
    ...optional(
      'agent',
      textOf(a, ATTR.agentId) ?? textOf(a, GEN_AI.agentId) ?? textOf(a, GEN_AI.agentName),
    ),
    ...optional('instance', textOf(span.resource, SERVICE_INSTANCE_ID, MAX_INSTANCE)),
    ...optional('tool', textOf(a, ATTR.tool) ?? textOf(a, GEN_AI.toolName)),
    ...optional('audience', textOf(a, ATTR.audience)),
    ...optional('task', textOf(a, ATTR.taskId)),
    ...optional('chain', textOf(a, ATTR.chainId)),
    ...optional('link', textOf(a, ATTR.linkHash)),
    ...optional('actionHash', textOf(a, ATTR.actionHash)),
    ...optional('args', textOf(a, ATTR.actionArgs, 65_536)),
    ...(a[ATTR.actionArgNames] === undefined ? {} : { argNames: textsOf(a, ATTR.actionArgNames) }),
    ...optional('rest', textOf(a, ATTR.actionRest)),
    ...optional('resource', textOf(a, ATTR.resource)),
    ...optional('session', sessionOf(a)),
    ...optional('purpose', textOf(a, ATTR.purpose)),
    ...(a[ATTR.onBehalfOf] === ''
      ? { onBehalfOf: '' }
      : optional('onBehalfOf', textOf(a, ATTR.onBehalfOf))),
    ...(a[ATTR.acceptedBy] === 'zone' ? { zone: true } : {}),
    ...(a[ATTR.plane] === 'control' ? { control: true } : {}),
    ...(a[ATTR.dataIn] === undefined ? {} : { dataIn: hashesIn(a, ATTR.dataIn) }),
    ...(a[ATTR.dataOut] === undefined ? {} : { dataOut: hashesIn(a, ATTR.dataOut) }),
    ...optional('credential', textOf(a, ATTR.credentialHash)),
    ...optional('delegator', textOf(a, ATTR.assertedDelegator)),
    ...optional('assertedApproval', textOf(a, ATTR.assertedApproval)),
    ...optional('assertedApprover', textOf(a, ATTR.assertedApprover)),
    ...assertedEffect(a),
    drivers: textsOf(a, ATTR.drivers),
    approvals: hashesOf(signed, 'approval', hashesIn(a, ATTR.approvalHash)),
    decisions: hashesOf(signed, 'decision', hashesIn(a, ATTR.decisionHash)),
    receipts: hashesOf(signed, 'receipt'),
    instrumented,
    idsInvalid: span.idsInvalid,
  }
  const id = createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
  // Spans without ids must not all become one action.
  return { kind: 'span', id, action: span.idsInvalid ? `unidentified-${id}` : action, facts }
}

function assertedEffect(a: Attributes): Pick<CallFacts, 'assertedEffect'> {
  const effect = (['ok', 'failed', 'denied'] as const).find(
    (known) => known === a[ATTR.assertedEffect],
  )
  return effect === undefined ? {} : { assertedEffect: effect }
}

function hashesOf(
  signed: readonly SignedEvidence[],
  kind: SignedKind,
  named: readonly string[] = [],
): string[] {
  const texts = signed.filter((item) => item.kind === kind).map((item) => item.artefact)
  return [...new Set([...texts, ...named])].sort()
}
