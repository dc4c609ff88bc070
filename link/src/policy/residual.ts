import type { CedarValueJson, Context, Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Cedar } from './cedar.ts'

/** What is left of a policy where not all is known: it applies if this holds. */
export interface Residual {
  readonly policy: string
  readonly effect: 'permit' | 'forbid'
  /** A condition in Cedar. */
  readonly condition: string
}

const MAX_CONDITION = 600

/** What would have to be true, as people write it. */
export function residualOf(policy: string, json: PolicyJson, cedar: Cedar): Residual {
  const bodies = json.conditions.map(
    ({ kind, body }): Expr => (kind === 'when' ? body : { '!': { arg: body } }),
  )
  const body = folded(bodies.reduce((a, b): Expr => ({ '&&': { left: a, right: b } }), TRUE))
  const all: PolicyJson = {
    ...{ effect: json.effect, principal: json.principal, action: json.action },
    ...{ resource: json.resource, conditions: [{ kind: 'when', body }] },
  }
  const answer = cedar.policyToText(all)
  const text =
    answer.type === 'success' ? (/when\s*\{([\s\S]*)\};?\s*$/.exec(answer.text)?.[1] ?? '') : ''
  return { policy, effect: json.effect, condition: text.trim().slice(0, MAX_CONDITION) }
}

/** Whatever turns out to be so, Cedar has an answer of this policy. */
export function cannotErr(json: PolicyJson | undefined): boolean {
  return json?.conditions.every(({ body }) => usesOnly(body, CALM_LEFT)) === true
}

/** Names of what is not known in a residual, as the request named them. */
export function unknownIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const name = unknownName(value)
  if (name === undefined) return Object.values(value).flatMap(unknownIn)
  return [name.startsWith(PRESENCE) ? name.slice(PRESENCE.length) : name]
}

const TRUE: Expr = { Value: true }
/** In front of the name of an attribute of which it is not known whether it is there. */
const PRESENCE = 'has '

/**
 * The policy with what is known of the context in its place. Cedar itself is not asked with a context in which
 * something is unknown: it leaves much alone that is known, and takes an attribute of unknown value for present.
 */
export function placedIn(context: Context, json: PolicyJson): PolicyJson {
  const place = placer(recordOf(context))
  return {
    ...json,
    conditions: json.conditions.map(({ kind, body }) => ({ kind, body: place(body) })),
  }
}

function recordOf(value: CedarValueJson): Expr {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { Value: value }
  if ('__entity' in value) return { Value: value }
  if ('__extn' in value) {
    const { fn, arg } = value['__extn'] as { readonly fn: string; readonly arg: CedarValueJson }
    return { [fn]: [{ Value: arg }] } as Expr
  }
  const members = Object.entries(value).map(([name, member]) => [name, recordOf(member)])
  return { Record: Object.fromEntries(members) }
}

function placer(context: Expr): (expr: Expr) => Expr {
  const place = (expr: Expr): Expr => {
    if ('Var' in expr) return expr['Var'] === 'context' ? context : expr
    if (unknownName(expr) !== undefined || 'Value' in expr) return expr
    const dot = nodeOf<{ left: Expr; attr: string }>(expr, '.')
    if (dot !== undefined) {
      const left = place(dot.left)
      return membersOf(left)?.[dot.attr] ?? { '.': { left, attr: dot.attr } }
    }
    const has = nodeOf<{ left: Expr; attr: string | string[] }>(expr, 'has')
    if (has !== undefined) return placedHas(has, place)
    return knownFirst(expr, '&&', place) ?? knownFirst(expr, '||', place) ?? everyInner(expr, place)
  }
  return place
}

function placedHas(
  { left, attr }: { readonly left: Expr; readonly attr: string | string[] },
  place: (expr: Expr) => Expr,
): Expr {
  if (typeof attr !== 'string') {
    const [first = '', ...others] = attr
    if (others.length === 0) return placedHas({ left, attr: first }, place)
    const inner: Expr = { has: { left: { '.': { left, attr: first } }, attr: others } }
    return place({ '&&': { left: { has: { left, attr: first } }, right: inner } })
  }
  const record = place(left)
  const members = membersOf(record)
  if (members === undefined) return { has: { left: record, attr } }
  const member = members[attr]
  const name = member === undefined ? undefined : unknownName(member)
  // Whether it is there at all is what is not known.
  if (name !== undefined) return { unknown: [{ Value: `${PRESENCE}${name}` }] }
  return { Value: member !== undefined }
}

/**
 * Cedar looks at a right side only where the left is settled, since the left might err. Where neither can, the side that
 * is known is put first.
 */
function knownFirst(
  expr: Expr,
  operator: '&&' | '||',
  place: (expr: Expr) => Expr,
): Expr | undefined {
  const node = nodeOf<{ left: Expr; right: Expr }>(expr, operator)
  if (node === undefined) return undefined
  const [left, right] = [place(node.left), place(node.right)]
  const swaps = isOpen(left) && !isOpen(right) && usesOnly(left, CALM_LEFT) && usesOnly(right, CALM)
  const sides = swaps ? { left: right, right: left } : { left, right }
  return operator === '&&' ? { '&&': sides } : { '||': sides }
}

/** Operators that cannot err in a policy that strict validation let pass. */
const CALM: ReadonlySet<string> = new Set([
  ...['Value', 'Var', 'unknown', 'Set', 'Record', 'datetime', 'duration', '==', '!=', '<', '<='],
  ...['>', '>=', 'in', '&&', '||', '!', 'contains', 'containsAll', 'containsAny', 'isEmpty'],
  ...['like', 'Literal', 'is', 'has', 'if-then-else'],
])
/** What is read of an unknown record is read behind the test that validation demands. */
const CALM_LEFT: ReadonlySet<string> = new Set([...CALM, '.'])

function usesOnly(expr: Expr, operators: ReadonlySet<string>): boolean {
  let calm = Object.keys(expr).every((key) => operators.has(key))
  if ('Value' in expr) return calm
  everyInner(expr, (inner) => {
    calm &&= usesOnly(inner, operators)
    return inner
  })
  return calm
}

/** Something in it is not known. */
function isOpen(expr: Expr): boolean {
  if ('Var' in expr || unknownName(expr) !== undefined) return true
  if ('Value' in expr) return false
  let open = false
  everyInner(expr, (inner) => {
    open ||= isOpen(inner)
    return inner
  })
  return open
}

/** Without what is decided already, and with names as people write them. */
function folded(expr: Expr): Expr {
  const name = unknownName(expr)
  if (name !== undefined) return named(name)
  if ('Value' in expr) return expr
  const and = nodeOf<{ left: Expr; right: Expr }>(expr, '&&')
  if (and !== undefined) {
    const [left, right] = [folded(and.left), folded(and.right)]
    if (isValue(left, true)) return right
    return isValue(right, true) ? left : { '&&': { left, right } }
  }
  const or = nodeOf<{ left: Expr; right: Expr }>(expr, '||')
  if (or !== undefined) {
    const [left, right] = [folded(or.left), folded(or.right)]
    if (isValue(left, false)) return right
    return isValue(right, false) ? left : { '||': { left, right } }
  }
  return everyInner(expr, folded)
}

/** The expression with each expression in it replaced. */
function everyInner(expr: Expr, replace: (expr: Expr) => Expr): Expr {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (!isNode(value)) return value
    return isExpr(value) ? replace(value) : mapped(value, walk)
  }
  return mapped(expr, (value) =>
    Array.isArray(value) ? value.map(walk) : isNode(value) ? mapped(value, walk) : value,
  ) as Expr
}

function mapped(value: object, walk: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]))
}

/** Each expression is an object with one member, the operator. */
function isExpr(value: object): value is Expr {
  return Object.keys(value).length === 1
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isValue(expr: Expr, wanted: boolean): boolean {
  return 'Value' in expr && expr['Value'] === wanted
}

function nodeOf<Node>(expr: Expr, operator: string): Node | undefined {
  const node = (expr as Readonly<Record<string, unknown>>)[operator]
  return Object.hasOwn(expr, operator) && isNode(node) ? (node as Node) : undefined
}

function membersOf(expr: Expr): Readonly<Record<string, Expr>> | undefined {
  return nodeOf<Readonly<Record<string, Expr>>>(expr, 'Record')
}

function unknownName(value: object): string | undefined {
  if (!('unknown' in value) || !Array.isArray(value['unknown'])) return undefined
  const [name] = value['unknown'] as readonly { readonly Value?: unknown }[]
  return typeof name?.Value === 'string' ? name.Value : undefined
}

/** `context.chain.depth`, `principal`, or whether the attribute is there. */
function named(name: string): Expr {
  const isPresence = name.startsWith(PRESENCE)
  const [root = '', ...attributes] = (isPresence ? name.slice(PRESENCE.length) : name).split('.')
  const attr = isPresence ? (attributes.pop() ?? '') : ''
  const start: Expr = { Var: root as 'context' }
  const path = attributes.reduce((left, one): Expr => ({ '.': { left, attr: one } }), start)
  return isPresence ? { has: { left: path, attr } } : path
}
