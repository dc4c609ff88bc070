import { canonicalize, type Json } from '@delegraph/link'
import { z } from 'zod'
import { MAX_INSTANCE } from './attributes.ts'
import { digest } from './foreign.ts'
import type { ForeignEvidence } from './types.ts'

/** Stands in every log record that is worth reading as OCSF, in whatever form it is written. */
export const OCSF_WORD = 'delegation'

/** An event with a delegation takes a few kilobytes. */
const MAX_BODY = 64 * 1024

const name = z.string().min(1).max(512)
const milliseconds = z.number().int().nonnegative().max(8_640_000_000_000_000)
const person = z.object({
  uid: name.optional().catch(undefined),
  name: name.optional().catch(undefined),
})

/**
 * The part of an OCSF event that speaks of a delegation: object `delegation`, whose principal and
 * delegate are named by `actor` and `ai_agent` beside it. Source: ocsf-schema, `objects/delegation`,
 * `objects/ai_agent`, profile `ai_operation` (1.9). Nothing else of the event is read: what it says of
 * an action being allowed or approved is no approval here.
 */
const event = z.object({
  class_uid: z.number(),
  delegation: z.object({
    uid: name,
    parent_uid: name.optional().catch(undefined),
    issuer_uid: name.optional().catch(undefined),
    created_time: milliseconds.optional().catch(undefined),
    expiration_time: milliseconds.optional().catch(undefined),
    scopes: z.array(name).max(256).optional().catch(undefined),
    audience: z
      .union([name, z.array(name).max(256)])
      .optional()
      .catch(undefined),
  }),
  ai_agent: person
    .extend({ instance_uid: name.max(MAX_INSTANCE).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  actor: z
    .object({
      user: person.optional().catch(undefined),
      app_uid: name.optional().catch(undefined),
      app_name: name.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

/** What is kept of a record; times are NumericDate. */
export interface OcsfDelegation {
  readonly class_uid: number
  readonly delegation: z.infer<typeof event>['delegation']
  readonly ai_agent?: z.infer<typeof event>['ai_agent']
  readonly actor?: z.infer<typeof event>['actor']
}

/** A log record's body, JSON text or an OTLP map, as evidence; undefined where it is no such event. */
export function ocsfDelegation(body: unknown): ForeignEvidence | undefined {
  const value = typeof body === 'string' ? parsed(body) : body
  const read = event.safeParse(value)
  if (!read.success) return undefined
  // The same words for the same record, however it was written and however often it comes.
  const text = canonicalize(JSON.parse(JSON.stringify(wellFormed(read.data))) as Json)
  const { issuer_uid: issuer, uid } = read.data.delegation
  return {
    kind: 'foreign',
    form: 'ocsf',
    id: digest('ocsf', text),
    artefact: ocsfKey(issuer, uid),
    text,
    size: text.length,
    stripped: false,
  }
}

/** A delegation is known by its id and by who gave the id: others may use the same. */
export function ocsfKey(issuer: string | undefined, uid: string): string {
  return `ocsf:${digest(issuer ?? '', uid)}`
}

export function ocsfOf(evidence: ForeignEvidence): OcsfDelegation {
  return JSON.parse(evidence.text ?? '{}') as OcsfDelegation
}

function parsed(text: string): unknown {
  if (text.length > MAX_BODY || !text.includes(`"${OCSF_WORD}"`)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Half a character has no canonical form. */
function wellFormed<Value>(value: Value): Value {
  if (typeof value === 'string') return value.toWellFormed() as Value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed) as Value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, wellFormed(item as unknown)]),
  ) as Value
}
