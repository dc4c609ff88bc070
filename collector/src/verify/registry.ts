import type { EffectClass, RegistryEntry, RegistryTools } from '@delegraph/graph-schema'
import {
  isFault,
  type Json,
  type PublicJwk,
  parsePublicJwk,
  parseTools,
  permits,
  type ToolGrants,
} from '@delegraph/link'
import type { Call } from './call.ts'

/**
 * The owners' signed statements, ready to be asked. Built from one version of the registry; the
 * version is cited by every verdict that used it, and the empty one stands for no registry at all.
 */
export interface Registry {
  readonly version: string
  /** Time of signing, NumericDate. */
  readonly issuedAt: number
  principal(id: string): { readonly kind: string; readonly disabled: boolean } | undefined
  owner(agent: string): { readonly owner: string; readonly until?: number } | undefined
  /** NumericDate until which nobody has to answer for a new agent yet. */
  graceOf(agent: string): number | undefined
  /** The agent that holds the private half of a key, by the word of its owner. */
  agentOfKey(thumbprint: string): string | undefined
  keyOfAgent(agent: string): readonly PublicJwk[]
  /**
   * Whether the agent's own identity may make this call at `at` (NumericDate). An entry for one
   * purpose counts only where the purpose is declared and lies within it. A party outside every grant has none.
   */
  standing(
    agent: string,
    call: Call,
    at: number,
    task: string | undefined,
    purpose?: string,
  ): boolean
  /** Whether the owner of the agent offers this call to that caller at `at` (NumericDate). */
  exported(agent: string, caller: string, call: Call, at: number): boolean
  /** Whether somebody accountable offers a shared place, a queue or a memory, to that writer. */
  offers(place: string, writer: string, at: number): boolean
  isPublic(call: Call): boolean
  credential(
    hash: string,
  ): { readonly issuedTo: readonly string[]; readonly until?: number } | undefined
  effect(tool: string): EffectClass | undefined
  /** The deepest link allowed in the chains of a principal. */
  maxDepth(principal: string | undefined): number | undefined
  /** Operations that a conflict set names beside this one. */
  conflictsOf(tool: string): readonly string[]
  /** Whether its owner, or nobody, is said to answer for it: it is an agent and no person or service. */
  isAgent(id: string): boolean
  /** A party outside every grant, or content that came from one. */
  isExternal(agent: string): boolean
  /** The conflict set that names both operations, by its id, else by its place. */
  conflict(tool: string, other: string): string | undefined
  /** Whether one purpose is the other or lies below it in the taxonomy. */
  isWithin(purpose: string, other: string): boolean
  /** What a resource is for; nothing where nobody says so. */
  purposesOf(resource: string): readonly string[]
  /** The principals for whom alone a root issuer speaks; nobody where it may speak for any. */
  keptFor(issuer: string): readonly string[]
  readonly entries: readonly RegistryEntry[]
}

type Of<T extends RegistryEntry['type']> = Extract<RegistryEntry, { type: T }>

/** Entries that are not understood are ignored here and reported by {@link registryProblems}. */
export function createRegistry(
  version: string,
  issuedAt: number,
  entries: readonly RegistryEntry[],
): Registry {
  const of = <T extends RegistryEntry['type']>(type: T): Of<T>[] =>
    entries.filter((entry): entry is Of<T> => entry.type === type)
  const principals = new Map(of('principal').map((entry) => [entry.id, entry]))
  const owners = new Map(of('owner').map((entry) => [entry.agent, entry]))
  const keys = keysOf(of('owner'))
  const standing = Map.groupBy(of('standing').map(withGrants), ({ agent }) => agent)
  const exports = Map.groupBy(of('export').map(withGrants), ({ agent }) => agent)
  const open = Map.groupBy(
    of('public').flatMap((entry) => Object.entries(grantsOf(entry.tools) ?? {})),
    ([tool]) => tool,
  )
  const credentials = new Map(of('credential').map((entry) => [entry.hash, entry]))
  const effects = new Map(of('effect').map((entry) => [entry.tool, entry.class]))
  const limits = of('limit')
  const conflicts = of('conflict').map(({ tools, id }, i) => ({ tools, id: id ?? `conflict-${i}` }))
  const purposes = Map.groupBy(of('purpose'), (entry) => entry.child)
  const classes = of('resource').filter(isClass)
  const speakers = Map.groupBy(
    of('principal').flatMap(({ id, issuers = [] }) => issuers.map((issuer) => ({ id, issuer }))),
    ({ issuer }) => issuer,
  )
  const registry: Registry = {
    version,
    issuedAt,
    entries,
    maxDepth(principal) {
      const own = limits.filter((entry) => [undefined, principal].includes(entry.principal))
      return own.length === 0 ? undefined : Math.min(...own.map((entry) => entry.max_depth))
    },
    conflictsOf: (tool) => [
      ...new Set(
        conflicts
          .filter(({ tools }) => tools.includes(tool))
          .flatMap(({ tools }) => tools.filter((other) => other !== tool)),
      ),
    ],
    isAgent: (id) => owners.has(id),
    isExternal: (agent) => owners.get(agent)?.kind === 'external',
    conflict: (tool, other) =>
      tool === other
        ? undefined
        : conflicts.find(({ tools }) => tools.includes(tool) && tools.includes(other))?.id,
    isWithin(purpose, other) {
      const seen = new Set<string>()
      const open = [purpose]
      for (const next of open) {
        if (next === other) return true
        if (seen.has(next)) continue
        seen.add(next)
        open.push(...(purposes.get(next) ?? []).map(({ parent }) => parent))
      }
      return false
    },
    purposesOf: (resource) => [
      ...new Set(
        classes
          .filter((entry) => isOfClass(resource, entry.resource))
          .flatMap(({ purposes: of }) => of),
      ),
    ],
    keptFor: (issuer) => (speakers.get(issuer) ?? []).map(({ id }) => id),
    principal(id) {
      const entry = principals.get(id)
      return entry && { kind: entry.kind, disabled: entry.disabled === true }
    },
    owner(agent) {
      const entry = owners.get(agent)
      if (entry === undefined || entry.owner === null) return undefined
      return { owner: entry.owner, ...(entry.until === undefined ? {} : { until: entry.until }) }
    },
    graceOf(agent) {
      const entry = owners.get(agent)
      return entry?.owner === null ? entry.until : undefined
    },
    agentOfKey: (thumbprint) => keys.agents.get(thumbprint),
    keyOfAgent: (agent) => keys.keys.get(agent) ?? [],
    standing: (agent, call, at, task, purpose) =>
      !registry.isExternal(agent) &&
      (standing.get(agent) ?? []).some(
        (entry) =>
          (entry.from === undefined || entry.from <= at) &&
          (entry.until === undefined || at < entry.until) &&
          (entry.task === undefined || entry.task === task) &&
          (entry.purpose === undefined ||
            (purpose !== undefined && registry.isWithin(purpose, entry.purpose))) &&
          covers(entry.grants, call),
      ),
    exported: (agent, caller, call, at) =>
      (exports.get(agent) ?? []).some(
        (entry) =>
          (entry.callers === '*' || entry.callers.includes(caller)) &&
          (entry.owner === undefined || entry.owner === owners.get(agent)?.owner) &&
          (entry.from === undefined || entry.from <= at) &&
          (entry.until === undefined || at < entry.until) &&
          covers(entry.grants, call),
      ),
    offers: (place, writer, at) =>
      (exports.get(place) ?? []).some(
        (entry) =>
          (entry.callers === '*' || entry.callers.includes(writer)) &&
          (entry.owner === undefined || principals.get(entry.owner)?.disabled !== true) &&
          (entry.from === undefined || entry.from <= at) &&
          (entry.until === undefined || at < entry.until),
      ),
    isPublic: (call) =>
      (open.get(call.tool) ?? []).some(([tool, map]) => covers({ [tool]: map }, call)),
    credential(hash) {
      const entry = credentials.get(hash)
      if (entry === undefined) return undefined
      return {
        issuedTo: entry.issued_to,
        ...(entry.until === undefined ? {} : { until: entry.until }),
      }
    },
    effect: (tool) => effects.get(tool),
  }
  return registry
}

export const NO_REGISTRY: Registry = createRegistry('', 0, [])

/** What is wrong with entries, one sentence each; an empty list means that all are understood. */
export function registryProblems(entries: readonly unknown[]): string[] {
  return entries.flatMap((entry, i) => {
    const problem = problemOf(entry)
    return problem === undefined ? [] : [`entry ${i}: ${problem}`]
  })
}

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  principal: ['id', 'kind'],
  owner: ['agent', 'owner'],
  standing: ['agent', 'tools'],
  export: ['agent', 'callers', 'tools'],
  public: ['tools'],
  credential: ['hash', 'issued_to'],
  effect: ['tool', 'class'],
  limit: ['max_depth'],
  conflict: ['tools'],
  purpose: ['child', 'parent'],
  resource: ['resource', 'purposes'],
}

/** What an owner may say of an agent for people to read. */
const ABOUT = ['version', 'model', 'charter'] as const
const MAX_ABOUT = 1_000

function isShortText(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= MAX_ABOUT)
}

function problemOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'is not an object'
  const fields = entry as Record<string, unknown>
  const type = fields['type']
  const required = typeof type === 'string' ? REQUIRED[type] : undefined
  if (required === undefined) return `type ${JSON.stringify(type)} is not known`
  const missing = required.find((name) => fields[name] === undefined)
  if (missing !== undefined) return `${type} has no "${missing}"`
  const wordless = type === 'owner' ? ABOUT.find((name) => !isShortText(fields[name])) : undefined
  if (wordless !== undefined) {
    return `owner has a "${wordless}" that is no text of at most ${MAX_ABOUT} characters`
  }
  if (type === 'resource' && !isClass(fields)) {
    return 'resource takes a text and a list of purposes'
  }
  if ('tools' in fields && type !== 'conflict' && grantsOf(fields['tools']) === undefined) {
    return `${type} has tools that are not argument maps of known constraints`
  }
  return undefined
}

function isClass({ resource, purposes }: { resource?: unknown; purposes?: unknown }): boolean {
  return (
    typeof resource === 'string' &&
    Array.isArray(purposes) &&
    purposes.every((purpose) => typeof purpose === 'string')
  )
}

/** The very resource, or one below it where the class ends in `/*`: split on segments. */
function isOfClass(resource: string, kind: string): boolean {
  return kind.endsWith('/*') ? resource.startsWith(kind.slice(0, -1)) : resource === kind
}

function keysOf(owners: readonly Of<'owner'>[]): {
  readonly agents: Map<string, string>
  readonly keys: Map<string, PublicJwk[]>
} {
  const agents = new Map<string, string>()
  const keys = new Map<string, PublicJwk[]>()
  for (const { agent, keys: listed } of owners) {
    for (const candidate of listed ?? []) {
      const key = parsePublicJwk(candidate)
      if (isFault(key)) continue
      agents.set(key.jkt, agent)
      keys.set(agent, [...(keys.get(agent) ?? []), key.jwk])
    }
  }
  return { agents, keys }
}

function withGrants<Entry extends { readonly tools: RegistryTools }>(
  entry: Entry,
): Entry & { readonly grants: ToolGrants } {
  return { ...entry, grants: grantsOf(entry.tools) ?? {} }
}

/** Undefined where a constraint is not one of the profile's. */
function grantsOf(tools: unknown): ToolGrants | undefined {
  const parsed = parseTools(tools as Json)
  return parsed.fault === undefined ? parsed.tools : undefined
}

function covers(grants: ToolGrants, call: Call): boolean {
  const answer = permits(grants, call)
  return 'covered' in answer && answer.covered
}
