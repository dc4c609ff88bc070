import type { DetailedError, Expr, PolicyJson, Schema } from '@cedar-policy/cedar-wasm/nodejs'
import { canonicalize } from '../json/canonicalize.ts'
import { textDigest } from '../jws.ts'
import { callCedar } from './cedar.ts'
import { POLICY_LIMITS } from './limits.ts'
import { OTHER_TOOL, schemaWith } from './schema.ts'
import { placeIn, type Slip } from './slip.ts'
import { splitPolicies } from './split.ts'

/** Policies as one Cedar text, in which `@id("...")` names them, or each by its name. */
export type PolicySource = string | Readonly<Record<string, string>>

export interface CheckedPolicies {
  /** Errors first, in the order of the text. */
  readonly slips: readonly Slip[]
  /** By their names, those that could be read; a set with an error among its slips is not to be used. */
  readonly policies: Readonly<Record<string, string>>
  /** The same, read. */
  readonly parsed: ReadonlyMap<string, PolicyJson>
  /** Tools that they name. */
  readonly tools: ReadonlySet<string>
  /** Names the set: SHA-256 of its canonical form, base64url. Absent where it has an error. */
  readonly hash?: string
}

/**
 * Reads policies and says all that is wrong with them: size, syntax, and by Cedar's strict validation whatever could
 * not be meant or would error for a request of the schema. That validation also demands a test with `has` before an
 * attribute that may be absent is read. Never throws on what it is given; throws `PolicyError` without an engine.
 */
export function checkPolicies(source: PolicySource): CheckedPolicies {
  const places = typeof source === 'string' ? inText(source) : byName(source)
  if ('slip' in places) return unusable([places.slip])
  if (places.all.length === 0) return unusable([at('', 0, 'error', 'syntax', 'there is no policy')])
  if (places.all.length > POLICY_LIMITS.policies) {
    const most = `at most ${POLICY_LIMITS.policies} policies`
    return unusable([at('', 0, 'error', 'too_large', `${places.all.length} policies, ${most}`)])
  }
  const slips: Slip[] = []
  const policies = new Map<string, Place & { readonly json: PolicyJson }>()
  const tools = new Set<string>()
  for (const place of places.all) {
    const read = readPolicy(place)
    if ('slip' in read) slips.push(read.slip)
    else if (policies.has(read.id))
      slips.push(slipAt(place, 0, 'name', `there are two policies ${read.id}`))
    else {
      policies.set(read.id, { ...place, json: read.json })
      for (const tool of actionsIn(read.json)) tools.add(tool)
    }
  }
  if (tools.has(OTHER_TOOL)) {
    const [place] = policies.values()
    tools.delete(OTHER_TOOL)
    if (place !== undefined)
      slips.push(slipAt(place, 0, 'name', `no policy may name Action::"${OTHER_TOOL}"`))
  }
  const texts = Object.fromEntries([...policies].map(([id, { text }]) => [id, text]))
  const found = policies.size === 0 ? [] : validated(policies, texts, tools)
  const all = [...slips, ...found].sort(inOrder).slice(0, POLICY_LIMITS.slips)
  const isSound = all.every(({ severity }) => severity === 'warning')
  return {
    slips: all,
    policies: texts,
    parsed: new Map([...policies].map(([id, { json }]) => [id, json])),
    tools,
    ...(isSound ? { hash: textDigest(canonicalize({ policies: texts })) } : {}),
  }
}

/** A policy and the text that people see it in. */
interface Place {
  readonly name: string | undefined
  readonly text: string
  readonly around: string
  readonly offset: number
  readonly tooLarge?: 'tokens' | 'nesting'
  readonly nth: number
}

type Places = { readonly all: readonly Place[] } | { readonly slip: Slip }

function inText(around: string): Places {
  if (around.length > POLICY_LIMITS.text) return { slip: tooLong(around.length) }
  const statements = splitPolicies(around)
  return { all: statements.map((one, nth) => ({ ...one, around, nth, name: undefined })) }
}

function byName(source: Readonly<Record<string, string>>): Places {
  const entries = Object.entries(source)
  const length = entries.reduce((sum, [, text]) => sum + String(text).length, 0)
  if (length > POLICY_LIMITS.text) return { slip: tooLong(length) }
  return {
    all: entries.flatMap(([name, text], nth) => {
      const around = String(text)
      const statements = splitPolicies(around)
      // Two in one text are left for the engine to refuse.
      const [first, second] = statements
      if (first === undefined || second !== undefined)
        return [{ text: around, offset: 0, around, nth, name, ...tooLargeOf(statements) }]
      return [{ ...first, around, nth, name }]
    }),
  }
}

function tooLargeOf(statements: ReturnType<typeof splitPolicies>) {
  const large = statements.find(({ tooLarge }) => tooLarge !== undefined)?.tooLarge
  return large === undefined ? {} : { tooLarge: large }
}

function tooLong(length: number): Slip {
  const most = `at most ${POLICY_LIMITS.text}`
  return at('', 0, 'error', 'too_large', `${length} characters, ${most}`)
}

function readPolicy(
  place: Place,
): { readonly slip: Slip } | { readonly id: string; readonly json: PolicyJson } {
  const { text, tooLarge, name } = place
  if (tooLarge !== undefined) {
    const most =
      tooLarge === 'tokens'
        ? `it has more than ${POLICY_LIMITS.tokens} words and signs: make several of it`
        : `its brackets are nested more than ${POLICY_LIMITS.nesting} deep`
    return { slip: slipAt(place, 0, 'too_large', most) }
  }
  const answer = callCedar((cedar) => cedar.policyToJson(text))
  if (answer === undefined)
    return { slip: slipAt(place, 0, 'too_large', 'the engine cannot read it') }
  if (answer.type === 'failure') {
    const [error] = answer.errors
    return { slip: slipOf(place, error, 'syntax') }
  }
  if (anyIn(answer.json, isLargeNumber)) {
    const message = `numbers are at most ${Number.MAX_SAFE_INTEGER} here`
    return { slip: slipAt(place, 0, 'type', message) }
  }
  const id = name ?? answer.json.annotations?.['id'] ?? `policy${place.nth}`
  if (!isName(id)) {
    const message = `the name of a policy has 1 to ${POLICY_LIMITS.id} printable characters`
    return { slip: slipAt(place, 0, 'name', message) }
  }
  return { id, json: answer.json }
}

function isName(id: string): boolean {
  return id.length > 0 && id.length <= POLICY_LIMITS.id && !/\p{Cc}|\p{Cs}/u.test(id)
}

function validated(
  policies: ReadonlyMap<string, Place & { readonly json: PolicyJson }>,
  texts: Readonly<Record<string, string>>,
  tools: ReadonlySet<string>,
): readonly Slip[] {
  const [anyPlace] = policies.values()
  if (anyPlace === undefined) return []
  const answer = callCedar((cedar) => {
    const schema: Schema = schemaWith(tools, cedar)
    return cedar.validate({
      schema,
      policies: { staticPolicies: { ...texts } },
      validationSettings: { mode: 'strict' },
    })
  })
  if (answer === undefined)
    return [slipAt(anyPlace, 0, 'too_large', 'the engine cannot check this set')]
  if (answer.type === 'failure') return [slipOf(anyPlace, answer.errors[0], 'syntax')]
  const placeOf = (id: string) => policies.get(id) ?? anyPlace
  const errors = answer.validationErrors.map(({ policyId, error }) => ({
    ...slipOf(placeOf(policyId), error, OPTIONAL.test(error.message) ? 'needs_has' : 'type'),
    policy: policyId,
  }))
  const warnings = answer.validationWarnings.map(({ policyId, error }) => ({
    ...slipOf(placeOf(policyId), error, 'never'),
    policy: policyId,
    // A forbid that no request meets protects nothing, and a permit that none meets lets nothing through.
    severity: isForbid(policies.get(policyId)) ? ('error' as const) : ('warning' as const),
  }))
  const counting = [...policies].flatMap(([id, { json, ...place }]) =>
    json.conditions.some(({ body }) => computes(body))
      ? [{ ...slipAt(place, 0, 'may_error', MAY_ERROR), policy: id, severity: 'warning' as const }]
      : [],
  )
  // One slip is told once for each tool that is named.
  const once = new Map(
    [...errors, ...warnings, ...counting].map((slip) => [
      `${slip.policy} ${slip.line} ${slip.column} ${slip.code}`,
      slip,
    ]),
  )
  return [...once.values()]
}

function isForbid(policy: { readonly json: PolicyJson } | undefined): boolean {
  return policy?.json.effect === 'forbid'
}

const OPTIONAL = /optional (?:attribute|tag)/
const MAY_ERROR = 'arithmetic may overflow, and a policy that errors denies'

/** Sums may overflow at a request that the schema allows: the one error that no validation finds. */
function computes(expr: Expr): boolean {
  return anyIn(expr, (value) => isObject(value) && Object.keys(value).some(isArithmetic))
}

function isArithmetic(key: string): boolean {
  return ARITHMETIC.has(key)
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', 'neg', 'offset', 'durationSince'])

/** What passes through JavaScript would lose digits, and another policy would be asked than is written. */
function isLargeNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isSafeInteger(value)
}

function anyIn(value: unknown, wanted: (value: unknown) => boolean): boolean {
  if (wanted(value)) return true
  return isObject(value) && Object.values(value).some((inner) => anyIn(inner, wanted))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The actions that a policy names, in its scope or its conditions. */
function actionsIn(value: unknown): string[] {
  if (!isObject(value)) return []
  const { type, id } = value as { readonly type?: unknown; readonly id?: unknown }
  const own = type === 'Action' && typeof id === 'string' ? [id] : []
  return [...own, ...Object.values(value).flatMap(actionsIn)]
}

function slipOf(place: Place, error: DetailedError | undefined, code: Slip['code']): Slip {
  const start = error?.sourceLocations?.[0]?.start ?? 0
  // Cedar counts bytes.
  const offset = Buffer.from(place.text).subarray(0, start).toString().length
  const message = [plain(error?.message), error?.help].filter((part) => part).join('; ')
  return slipAt(place, offset, code, message.slice(0, 300))
}

/** What it says of where it stands is said by line and column. */
function plain(message = 'it is no policy'): string {
  return message
    .replace(/^for policy `[^`]*`, /, '')
    .replace(/^failed to parse policy(?: with id `[^`]*`)? from string: /, '')
}

function slipAt(place: Place, offset: number, code: Slip['code'], message: string): Slip {
  const found = at(place.around, place.offset + offset, 'error', code, message)
  return place.name === undefined ? found : { ...found, policy: place.name }
}

function at(
  text: string,
  offset: number,
  severity: Slip['severity'],
  code: Slip['code'],
  message: string,
): Slip {
  return { severity, code, ...placeIn(text, offset), message }
}

function inOrder(a: Slip, b: Slip): number {
  return rank(a) - rank(b) || a.line - b.line || a.column - b.column
}

function rank({ severity }: Slip): number {
  return severity === 'error' ? 0 : 1
}

function unusable(slips: readonly Slip[]): CheckedPolicies {
  return { slips, policies: {}, parsed: new Map(), tools: new Set() }
}
