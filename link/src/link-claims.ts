import { type ClaimReader, claimReader, HASH, present } from './claim-reader.ts'
import { CONTAINER_CLAIM, DETAIL_TYPE, LIMITS, PROFILE } from './constants.ts'
import { parseTools } from './constraints/well-formed.ts'
import { type Fault, fault, isFault } from './fault.ts'
import { isJsonObject, type JsonObject } from './json/parse-canonical.ts'
import { type HolderKey, parseHolderKey } from './jwk.ts'
import type {
  ActorClaim,
  ApprovalRequirement,
  ApprovalRequirements,
  Budget,
  Budgets,
  Json,
  LinkClaims,
  LinkContainer,
  LinkLimits,
  PurposeClaim,
  ToolGrants,
} from './types.ts'

/** A payload read as link claims. */
export interface ParsedLink {
  readonly claims: LinkClaims
  readonly holder: HolderKey
  /**
   * The first ill-formed tool or constraint, judged after linkage; `claims` then lacks that tool.
   */
  readonly toolsFault: Fault | undefined
}

/** Required claims, and the types of all; unknown claims are ignored as RFC 7519 wants, `nbf` not. */
export function parseLinkClaims(payload: Json): ParsedLink | Fault {
  if (!isJsonObject(payload)) return fault('malformed', 'not_object')
  const reader = claimReader(payload)
  const holder = readHolder(reader)
  const detail = readDetail(reader)
  const claims: Draft = {
    iss: reader.text('iss'),
    sub: reader.text('sub'),
    txn: reader.text('txn'),
    jti: reader.matching('jti', UUID_V7),
    iat: reader.int('iat'),
    exp: reader.int('exp'),
    act: readActor(reader),
    cnf: { jwk: holder?.jwk ?? NO_KEY.jwk },
    del_depth: reader.int('del_depth'),
    del_max_depth: reader.int('del_max_depth'),
    authorization_details: [{ type: DETAIL_TYPE, tools: detail.tools }],
  }
  readOptional(reader, claims)
  // Somebody who sets it means a limit, and this profile has none of that name.
  if (reader.has('nbf')) reader.fail('nbf')
  if (claims.client_id !== undefined && claims.client_id !== claims.act.sub)
    reader.fail('client_id')
  return reader.fault ?? { claims, holder: holder ?? NO_KEY, toolsFault: detail.fault }
}

type Draft = { -readonly [Name in keyof LinkClaims]: LinkClaims[Name] }

/** One look for each claim that is there; a hot path, so nothing is made for those that are not. */
function readOptional(reader: ClaimReader, claims: Draft): void {
  if (reader.has('par_hash')) claims.par_hash = reader.text('par_hash')
  if (reader.has('tctx')) claims.tctx = readPurpose(reader)
  if (reader.has('may_act'))
    claims.may_act = { sub: reader.nested('may_act', ['sub']).textOrTexts('sub') }
  if (reader.has('client_id')) claims.client_id = reader.text('client_id')
  if (reader.has('aud')) claims.aud = reader.textOrTexts('aud')
  if (reader.has('scope')) claims.scope = reader.matching('scope', SCOPE)
  if (reader.has('status')) claims.status = readStatus(reader)
  if (reader.has('ath')) claims.ath = reader.matching('ath', HASH)
  if (reader.has('tth')) claims.tth = reader.matching('tth', HASH)
  if (reader.has(CONTAINER_CLAIM)) claims[CONTAINER_CLAIM] = readContainer(reader)
}

/** The tools of a link. */
export function toolsOf(claims: LinkClaims): ToolGrants {
  return claims.authorization_details[0].tools
}

/** The approvals that a link asks for. */
export function approvalsOf(claims: LinkClaims): ApprovalRequirements | undefined {
  return claims[CONTAINER_CLAIM]?.approvals
}

/** The bounds on sums of a link. */
export function budgetsOf(claims: LinkClaims): Budgets | undefined {
  return claims[CONTAINER_CLAIM]?.budgets
}

/** Tools and budgets of a link. */
export function limitsOf(claims: LinkClaims): LinkLimits {
  const budgets = budgetsOf(claims)
  return budgets === undefined ? { tools: toolsOf(claims) } : { tools: toolsOf(claims), budgets }
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** RFC 6749 section 3.3: tokens separated by single spaces. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/
const PROFILES = ['ai_agent', 'service', 'user'] as const
const ACT_MEMBERS = ['iss', 'sub', 'sub_profile']
const CNF_MEMBERS = ['jwk']
const NO_KEY: HolderKey = {
  jwk: { kty: 'OKP', crv: 'Ed25519', x: '', alg: 'Ed25519' },
  jkt: '',
  uri: '',
}

/** RFC 7800 permits one key in `cnf`, and a private or symmetric one is never taken for public. */
function readHolder(reader: ClaimReader): HolderKey | undefined {
  const key = parseHolderKey(reader.nested('cnf', CNF_MEMBERS).raw('jwk'))
  if (!isFault(key)) return key
  reader.fail(key.detail ?? 'cnf', key.code)
  return undefined
}

function readActor(reader: ClaimReader): ActorClaim {
  const act = reader.nested('act', ACT_MEMBERS)
  const sub = act.text('sub')
  const sub_profile = act.oneOf('sub_profile', PROFILES)
  return act.has('iss') ? { sub, sub_profile, iss: act.text('iss') } : { sub, sub_profile }
}

function readPurpose(reader: ClaimReader): PurposeClaim {
  const tctx = reader.nested('tctx', ['purpose', 'purpose_hash'])
  return {
    purpose: tctx.text('purpose'),
    ...present({
      purpose_hash: tctx.optional('purpose_hash', (name) => tctx.matching(name, HASH)),
    }),
  }
}

function readStatus(reader: ClaimReader): NonNullable<LinkClaims['status']> {
  const list = reader.nested('status', ['status_list']).nested('status_list', ['idx', 'uri'])
  return { status_list: { idx: list.int('idx'), uri: list.text('uri') } }
}

/** Exactly one entry of our type: a second one of another type would be authority nobody compares. */
function readDetail(reader: ClaimReader): ReturnType<typeof parseTools> {
  const nothing = { tools: {}, fault: undefined }
  const details = reader.raw('authorization_details')
  const [entry] = isList(details) ? details : []
  if (!isList(details) || details.length !== 1 || !isDetail(entry)) {
    reader.fail('authorization_details')
    return nothing
  }
  return parseTools(entry['tools'])
}

function isDetail(entry: Json | undefined): entry is JsonObject {
  return (
    isJsonObject(entry) &&
    entry['type'] === DETAIL_TYPE &&
    isJsonObject(entry['tools']) &&
    Object.keys(entry).length === 2
  )
}

/** Unknown members are refused: each could be a limit that we would not keep. */
function readContainer(reader: ClaimReader): LinkContainer {
  const container = reader.nested(
    CONTAINER_CLAIM,
    ['approvals', 'budgets', 'profile', 'replaces'],
    'container',
  )
  return present({
    approvals: container.optional('approvals', (name) => readApprovals(container, name)),
    budgets: container.optional('budgets', (name) => readBudgets(container, name)),
    profile: container.optional('profile', (name) => container.oneOf(name, [PROFILE])),
    replaces: container.optional('replaces', (name) => container.matching(name, HASH)),
  })
}

function readApprovals(container: ClaimReader, name: string): ApprovalRequirements {
  const source = container.object(name)
  const requirements: Record<string, ApprovalRequirement> = {}
  const reader = claimReader(source, { reader: container, detail: name })
  for (const tool of Object.keys(source)) {
    if (tool === '__proto__') container.fail(name)
    const entry = reader.nested(tool, ['acr', 'approvers', 'max_age', 'min'])
    requirements[tool] = {
      min: entry.int('min', 8),
      max_age: entry.int('max_age', LIMITS.approvalLifetime),
      approvers: entry.texts('approvers'),
      ...present({ acr: entry.optional('acr', (member) => entry.texts(member)) }),
    }
    if (requirements[tool]?.min === 0 || requirements[tool]?.approvers.length === 0)
      container.fail(name)
  }
  return requirements
}

function readBudgets(container: ClaimReader, name: string): Budgets {
  const source = container.object(name)
  const budgets: Record<string, Record<string, Budget>> = {}
  const reader = claimReader(source, { reader: container, detail: name })
  for (const [tool, ofTool] of Object.entries(source)) {
    if (!isJsonObject(ofTool) || tool === '__proto__' || isEmpty(ofTool)) {
      container.fail(name)
      continue
    }
    const read: Record<string, Budget> = {}
    const entries = claimReader(ofTool, { reader, detail: name })
    for (const argument of Object.keys(ofTool)) {
      if (argument === '__proto__' || argument.length > LIMITS.toolId) container.fail(name)
      const bounds = entries.nested(argument, ['max_lifetime', 'max_subtree'])
      read[argument] = present({
        max_lifetime: bounds.optional('max_lifetime', (member) => bounds.amount(member)),
        max_subtree: bounds.optional('max_subtree', (member) => bounds.amount(member)),
      })
      // A budget without a bound would look like a limit.
      if (isEmpty(read[argument])) container.fail(name)
    }
    budgets[tool] = read
  }
  return budgets
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
