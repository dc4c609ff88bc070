import { claimReader } from '../claim-reader.ts'
import { DETAIL_TYPE, LIMITS } from '../constants.ts'
import { isArgumentMap } from '../constraints/well-formed.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/parse-canonical.ts'
import { type HolderKey, parsePublicJwk } from '../jwk.ts'
import type { Json, ToolGrants } from '../types.ts'

/** The claims of draft-niyikiza-oauth-attenuating-agent-tokens-02, section 3.2, and two that people add. */
export interface PlainClaims {
  readonly iss: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly del_depth: number
  readonly del_max_depth: number
  readonly par_hash?: string
  readonly audience: readonly string[]
  readonly tools: ToolGrants
  /** Roots and leaves have exactly one entry of the type; between them there may be none. */
  readonly granted: boolean
  /** Neither is a claim of the draft: the word of whoever signed. */
  readonly sub?: string
  readonly actor?: string
}

export interface ParsedPlain {
  readonly claims: PlainClaims
  readonly holder: HolderKey
  /** The first ill-formed constraint, judged after linkage. */
  readonly toolsFault: Fault | undefined
}

/** Reads a payload as a plain token: what the draft requires, and nothing that only our profile does. */
export function parsePlainClaims(payload: JsonObject): ParsedPlain | Fault {
  const reader = claimReader(payload)
  const detail = readTools(payload['authorization_details'])
  if (isFault(detail)) return detail
  const holder = readHolder(payload['cnf'])
  const act = payload['act']
  const actor = act !== undefined && isJsonObject(act) ? act['sub'] : undefined
  const claims: PlainClaims = {
    iss: reader.text('iss'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    exp: reader.int('exp'),
    del_depth: reader.int('del_depth'),
    del_max_depth: reader.int('del_max_depth'),
    audience: [reader.optional('aud', (name) => reader.textOrTexts(name)) ?? []].flat(),
    tools: detail.tools,
    granted: detail.granted,
    ...(reader.has('par_hash') ? { par_hash: reader.text('par_hash') } : {}),
    ...(isName(payload['sub']) ? { sub: payload['sub'] } : {}),
    ...(isName(actor) ? { actor } : {}),
  }
  if (isFault(holder)) return holder
  return reader.fault ?? { claims, holder, toolsFault: detail.fault }
}

/** `alg` is not in the draft's keys: the type of the key says it. */
function readHolder(cnf: Json | undefined): HolderKey | Fault {
  const jwk = cnf !== undefined && isJsonObject(cnf) ? cnf['jwk'] : undefined
  if (jwk === undefined || !isJsonObject(jwk)) return fault('malformed', 'cnf')
  const key = parsePublicJwk({ alg: jwk['kty'] === 'EC' ? 'ES256' : 'Ed25519', ...jwk })
  return isFault(key) ? fault(key.code, 'cnf') : key
}

interface Tools {
  readonly tools: ToolGrants
  readonly granted: boolean
  readonly fault: Fault | undefined
}

/** Entries of other types are ignored, as the draft wants: nothing is concluded from them. */
function readTools(details: Json | undefined): Tools | Fault {
  if (!isList(details)) return fault('malformed', 'authorization_details')
  const own = details.filter((entry) => isJsonObject(entry) && entry['type'] === DETAIL_TYPE)
  const [entry] = own
  if (own.length > 1) return fault('malformed', 'authorization_details')
  if (entry === undefined) return { tools: {}, granted: false, fault: undefined }
  const tools = isJsonObject(entry) ? entry['tools'] : undefined
  if (!isJsonObject(tools) || !Object.values(tools).every(isJsonObject))
    return fault('malformed', 'authorization_details')
  const known: Record<string, ToolGrants[string]> = {}
  let wrong: Fault | undefined
  for (const [tool, map] of Object.entries(tools)) {
    const named = tool !== '__proto__' && tool.length <= LIMITS.toolId
    if (named && isArgumentMap(map)) known[tool] = map
    else wrong ??= fault('unknown_constraint')
  }
  return { tools: known, granted: true, fault: wrong }
}

function isName(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
