import { canonicalize, type Json, LIMITS, parseCanonical, textDigest } from '@delegraph/link'
import { z } from 'zod'

/**
 * Unsigned statements of a framework or a ticket system: the body of a log record
 * `delegation.asserted`. They are somebody's word, graded `asserted` and never raised, and take back
 * nothing that is signed. What others cite is the digest of the canonical JSON.
 */

const id = z.string().min(1).max(512)
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const time = z.int().nonnegative()
const map = z.record(z.string(), z.record(z.string(), z.unknown()))
/** Token id; a UUIDv7 also orders what happened within one second. */
const jti = id.exactOptional()
const task = id.exactOptional()
const session = id.exactOptional()

const link = z.strictObject({
  type: z.literal('link'),
  /** Who gave: a principal at the root, an agent below it. */
  issuer: id,
  holder: id,
  /** Tool URI to argument map. */
  tools: z.record(id, map),
  parent: hash.exactOptional(),
  task: id,
  iat: time,
  exp: time.exactOptional(),
  /** The deepest link that may follow. */
  max_depth: z.int().min(0).max(LIMITS.depth).exactOptional(),
  purpose: id.exactOptional(),
  /** On whose behalf, where the statement says so; `''` for nobody's. */
  principal: z.string().max(512).exactOptional(),
  replaces: hash.exactOptional(),
  jti,
})

const approval = z.strictObject({
  type: z.literal('approval'),
  approver: id,
  /** The agent that it names. */
  subject: id,
  tool: id,
  /** What the arguments must be; `{}` for any. */
  grants: map,
  decision: z.enum(['approve', 'deny']).default('approve'),
  uses: z.int().min(1).max(1_000_000).default(1),
  delegates: z.literal(true).exactOptional(),
  after: hash.exactOptional(),
  iat: time,
  exp: time.exactOptional(),
  task,
  session,
  jti,
})

const decision = z.strictObject({
  type: z.literal('decision'),
  /** The enforcement point. */
  by: id.exactOptional(),
  agent: id,
  tool: id,
  grants: map,
  decision: z.boolean(),
  caller: id.exactOptional(),
  link: hash.exactOptional(),
  iat: time,
  task,
  session,
  jti,
})

const credential = z.strictObject({
  type: z.literal('credential'),
  event: z.enum(['issued', 'revoked']).default('issued'),
  credential: hash,
  issued_to: z.array(id).max(256).default([]),
  tools: z.array(id).max(256).exactOptional(),
  by: id.exactOptional(),
  iat: time,
  exp: time.exactOptional(),
  task,
  jti,
})

const withdrawal = z.strictObject({
  type: z.literal('withdrawal'),
  what: z.enum(['link', 'approval', 'task']),
  /** The hash of what is taken back, or the task that ended. */
  id,
  by: id.exactOptional(),
  iat: time,
  jti,
})

const record = z.discriminatedUnion('type', [link, approval, decision, credential, withdrawal])

export type AssertedRecord = z.infer<typeof record>
export type Asserted<Type extends AssertedRecord['type']> = Extract<AssertedRecord, { type: Type }>

/** The statement of a body and the digest that names it. Undefined for anything else. */
export function parseAsserted(
  body: string,
): { readonly record: AssertedRecord; readonly hash: string; readonly text: string } | undefined {
  if (body.length > LIMITS.artefactSize) return undefined
  try {
    const json = JSON.parse(body) as Json
    const text = canonicalize(json)
    // Nesting and doubled members are refused as in signed texts.
    if ('code' in parseCanonical(Buffer.from(text))) return undefined
    const parsed = record.safeParse(json)
    return parsed.success ? { record: parsed.data, hash: textDigest(text), text } : undefined
  } catch {
    return undefined
  }
}
