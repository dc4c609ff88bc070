// Reads a labelled scenario file: JSON Lines, one case a line. A case is a short history of agents, grants and
// actions in neutral terms. What a field may leave out is filled in here, so a reader never thinks of defaults;
// a case with everything filled in is still a case of the format.

/** A JSON value, as it may stand for an argument. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Arguments by name. In a permission each is a plain value or an object with `constraint_type`. */
export type Where = Record<string, Json>

export interface Permission {
  perm: string
  where: Where
}

export const DETECTORS = [
  'D1',
  'D2',
  'D3',
  'D4',
  'D5',
  'D6',
  'D7',
  'D8',
  'D9',
  'D10',
  'D11',
  'D12',
  'D13',
  'D14',
  'D15',
  'D16',
] as const
export type Detector = (typeof DETECTORS)[number]

const PRINCIPAL_KINDS = ['person', 'organisation', 'service'] as const
const AGENT_KINDS = ['agent', 'external'] as const
const SIGNATURES = ['ok', 'missing', 'forged', 'wrong_key', 'spliced', 'altered'] as const
const REVOCABLE = ['link', 'approval', 'credential'] as const
const VERDICTS = ['allow', 'deny'] as const
const STATUSES = ['ok', 'denied', 'failed'] as const

export interface Principal {
  id: string
  kind: (typeof PRINCIPAL_KINDS)[number]
}

export interface Agent {
  id: string
  /** Null: nobody answers for it. */
  owner: string | null
  /** What its own identity may do at any time. */
  standing: Permission[]
  kind: (typeof AGENT_KINDS)[number]
}

/** What every event has. `t` is in seconds from the start of the case. */
interface Common {
  seq: number
  t: number
  trace: string
  session: string
  task: string
}

export interface LinkEvent extends Common {
  type: 'link'
  id: string
  issuer: string
  holder: string
  scope: Permission[]
  parent: string | null
  sig: (typeof SIGNATURES)[number]
  redelegable: boolean
  exp?: number
  depth_left?: number
  purpose?: string
  /** Absent: claims nothing. Null: claims to be on nobody's behalf. */
  principal?: string | null
  reported_depth?: number
  /** The link that this one renews. */
  replaces?: string
  /** Token id; absent: unique. */
  jti?: string
}

export interface RevokeEvent extends Common {
  type: 'revoke'
  what: (typeof REVOCABLE)[number]
  id: string
  by: string
}

export interface TaskEndEvent extends Common {
  type: 'task_end'
}

export interface ApprovalEvent extends Common, Permission {
  type: 'approval'
  id: string
  approver: string
  subject: string
  uses: number
  delegates: boolean
  exp?: number
  /** Id of the denial that the approver saw. */
  after_denial?: string
}

export interface DecisionEvent extends Common, Permission {
  type: 'decision'
  agent: string
  verdict: (typeof VERDICTS)[number]
  id?: string
  by?: string
  /** The caller it was made for. */
  for?: string
}

export interface ExportEvent extends Common, Permission {
  type: 'export'
  owner: string
  agent: string
  /** An agent id, or `*`. */
  to: string
  exp?: number
  id?: string
}

export interface CredentialEvent extends Common {
  type: 'credential'
  id: string
  /** More than one: declared shared. */
  issued_to: string[]
  perms?: Permission[]
  exp?: number
}

export interface FlowEvent extends Common {
  type: 'flow'
  src: string
  dst: string
}

export interface ActionEvent extends Common, Permission {
  type: 'action'
  id: string
  actor: string
  chain: string | null
  approval: string | null
  cred: string | null
  status: (typeof STATUSES)[number]
  zone: boolean
  control: boolean
  /** Absent: the issuer of `chain`, if an agent. Null: nobody. */
  caller?: string | null
  decision?: string
  principal?: string | null
  resource?: string
  purpose?: string
}

export type Event =
  | LinkEvent
  | RevokeEvent
  | TaskEndEvent
  | ApprovalEvent
  | DecisionEvent
  | ExportEvent
  | CredentialEvent
  | FlowEvent
  | ActionEvent

export interface Label {
  inherit: boolean
  actions: string[]
  kinds: Detector[]
  culprit: string | null
}

export interface Case {
  case_id: string
  pair_id: string | null
  family: string
  principals: Principal[]
  agents: Agent[]
  public: string[]
  conflicts: string[][]
  /** Child to parent. */
  purposes: Record<string, string>
  limits: { max_depth?: number }
  events: Event[]
  label: Label
}

/** A file that is not of the format. `line` counts from 1; `field` is a path such as `events[3].sig`. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly line: number
  readonly field: string

  constructor(line: number, field: string, problem: string) {
    super(`line ${line}: ${field ? `${field} ` : ''}${problem}`)
    this.line = line
    this.field = field
  }
}

const MAX_FILE = 256 * 1024 * 1024
const MAX_LINE = 4 * 1024 * 1024
const MAX_NESTING = 64

/**
 * Reads a whole file.
 * @param text JSON Lines, at most 256 Mi characters, 4 Mi a line; a last empty line is no case.
 * @throws {FormatError} at the first thing that is not of the format
 */
export function parseCases(text: string): Case[] {
  if (text.length > MAX_FILE) throw new FormatError(1, '', 'the file is too large')
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const seen = new Set<string>()
  return lines.map((line, i) => {
    const read = parseCase(line, i + 1)
    if (seen.has(read.case_id)) throw new FormatError(i + 1, 'case_id', 'is used twice in the file')
    seen.add(read.case_id)
    return read
  })
}

/**
 * Reads one line.
 * @param lineNumber for the error's text, from 1
 * @throws {FormatError}
 */
export function parseCase(line: string, lineNumber = 1): Case {
  if (line.length > MAX_LINE) throw new FormatError(lineNumber, '', 'the line is too long')
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new FormatError(lineNumber, '', 'is not JSON')
  }
  return readCase(new Reader(value, '', lineNumber))
}

/** One value with its place in the line; each method says what the value must be. */
class Reader {
  readonly value: unknown
  readonly path: string
  readonly line: number

  constructor(value: unknown, path: string, line: number) {
    this.value = value
    this.path = path
    this.line = line
  }

  fail(problem: string): never {
    throw new FormatError(this.line, this.path, problem)
  }

  /** True where the file says something: null and absent are nothing. */
  get given(): boolean {
    return this.value !== undefined && this.value !== null
  }

  get isNull(): boolean {
    return this.value === null
  }

  at(name: string): Reader {
    const members = this.members()
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    return new Reader(value, this.path ? `${this.path}.${name}` : name, this.line)
  }

  members(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      return this.fail('must be an object')
    return this.value as Record<string, unknown>
  }

  list(): Reader[] {
    if (!Array.isArray(this.value)) return this.fail('must be an array')
    return this.value.map((item, i) => new Reader(item, `${this.path}[${i}]`, this.line))
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value === '')
      return this.fail('must be a string that is not empty')
    return this.value
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value))
      return this.fail('must be a number')
    return this.value
  }

  count(): number {
    const value = this.number()
    if (!Number.isSafeInteger(value) || value < 0) return this.fail('must be an integer from 0')
    return value
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') return this.fail('must be true or false')
    return this.value
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((one) => one === this.value)
    return found ?? this.fail(`must be one of ${allowed.join(', ')}`)
  }

  json(depth = 0): Json {
    const value = this.value
    if (depth > MAX_NESTING) return this.fail('is nested too deeply')
    if (value === undefined) return this.fail('is missing')
    if (Array.isArray(value)) return this.list().map((item) => item.json(depth + 1))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.keys(value).map((k) => [k, this.at(k).json(depth + 1)]))
    return value as string | number | boolean | null
  }

  /** `{name: value}` to spread, or nothing where the file leaves it out. */
  optional<N extends string, T>(name: N, read: (r: Reader) => T): { [K in N]?: T } {
    const member = this.at(name)
    return (member.given ? { [name]: read(member) } : {}) as { [K in N]?: T }
  }

  orNull(name: string): string | null {
    const member = this.at(name)
    return member.given ? member.text() : null
  }

  /** As `optional`, but an explicit null is kept. */
  textOrNull<N extends string>(name: N): { [K in N]?: string | null } {
    const member = this.at(name)
    if (member.isNull) return { [name]: null } as { [K in N]?: string | null }
    return this.optional(name, text)
  }
}

const text = (r: Reader) => r.text()
const texts = (r: Reader) => r.list().map(text)
const number = (r: Reader) => r.number()
const count = (r: Reader) => r.count()
const permissions = (r: Reader) => r.list().map(permission)

function orElse<T>(r: Reader, read: (r: Reader) => T, otherwise: T): T {
  return r.given ? read(r) : otherwise
}

function permission(r: Reader): Permission {
  return { perm: r.at('perm').text(), where: where(r.at('where')) }
}

function where(r: Reader): Where {
  if (!r.given) return {}
  return Object.fromEntries(Object.keys(r.members()).map((name) => [name, r.at(name).json()]))
}

function readCase(r: Reader): Case {
  const read: Case = {
    case_id: r.at('case_id').text(),
    pair_id: r.orNull('pair_id'),
    family: r.at('family').text(),
    principals: r
      .at('principals')
      .list()
      .map((p) => ({ id: p.at('id').text(), kind: p.at('kind').oneOf(PRINCIPAL_KINDS) })),
    agents: r.at('agents').list().map(agent),
    public: orElse(r.at('public'), texts, []),
    conflicts: orElse(r.at('conflicts'), (c) => c.list().map(texts), []),
    purposes: orElse(r.at('purposes'), purposes, {}),
    limits: orElse(r.at('limits'), (l) => l.optional('max_depth', count), {}),
    events: events(r.at('events')),
    label: label(r.at('label')),
  }
  unique(r.at('principals'), read.principals)
  unique(r.at('agents'), read.agents)
  for (const type of ['link', 'approval', 'credential', 'action', 'decision'] as const)
    unique(
      r.at('events'),
      read.events.filter((e) => e.type === type),
    )
  return read
}

function unique(r: Reader, named: object[]): void {
  const seen = new Set<unknown>()
  for (const one of named) {
    const id = 'id' in one ? one.id : undefined
    if (id === undefined) continue
    if (seen.has(id)) r.fail(`name ${JSON.stringify(id)} twice`)
    seen.add(id)
  }
}

function agent(r: Reader): Agent {
  return {
    id: r.at('id').text(),
    owner: r.orNull('owner'),
    standing: orElse(r.at('standing'), permissions, []),
    kind: orElse(r.at('kind'), (k) => k.oneOf(AGENT_KINDS), 'agent'),
  }
}

function purposes(r: Reader): Record<string, string> {
  return Object.fromEntries(Object.keys(r.members()).map((child) => [child, r.at(child).text()]))
}

function label(r: Reader): Label {
  return {
    inherit: r.at('inherit').boolean(),
    actions: texts(r.at('actions')),
    kinds: r
      .at('kinds')
      .list()
      .map((k) => k.oneOf(DETECTORS)),
    culprit: r.orNull('culprit'),
  }
}

function events(r: Reader): Event[] {
  let seq = Number.NEGATIVE_INFINITY
  let t = 0
  return r.list().map((e) => {
    const next = e.at('seq').number()
    if (!Number.isSafeInteger(next)) e.at('seq').fail('must be an integer')
    if (next <= seq) e.at('seq').fail('must ascend')
    seq = next
    t = orElse(e.at('t'), number, t)
    return event(e, {
      seq,
      t,
      trace: orElse(e.at('trace'), text, 'trace-1'),
      session: orElse(e.at('session'), text, 'session-1'),
      task: orElse(e.at('task'), text, 'task-1'),
    })
  })
}

function event(r: Reader, common: Common): Event {
  const type = r.at('type').text()
  switch (type) {
    case 'link':
      return { ...common, type, ...link(r) }
    case 'revoke':
      return {
        ...common,
        type,
        what: r.at('what').oneOf(REVOCABLE),
        id: r.at('id').text(),
        by: r.at('by').text(),
      }
    case 'task_end':
      r.at('task').text()
      return { ...common, type }
    case 'approval':
      return { ...common, type, ...permission(r), ...approval(r) }
    case 'decision':
      return {
        ...common,
        type,
        ...permission(r),
        agent: r.at('agent').text(),
        verdict: r.at('verdict').oneOf(VERDICTS),
        ...r.optional('id', text),
        ...r.optional('by', text),
        ...r.optional('for', text),
      }
    case 'export':
      return {
        ...common,
        type,
        ...permission(r),
        owner: r.at('owner').text(),
        agent: r.at('agent').text(),
        to: r.at('to').text(),
        ...r.optional('exp', number),
        ...r.optional('id', text),
      }
    case 'credential':
      return {
        ...common,
        type,
        id: r.at('id').text(),
        issued_to: Array.isArray(r.at('issued_to').value)
          ? texts(r.at('issued_to'))
          : [r.at('issued_to').text()],
        ...r.optional('perms', permissions),
        ...r.optional('exp', number),
      }
    case 'flow':
      return { ...common, type, src: r.at('src').text(), dst: r.at('dst').text() }
    case 'action':
      return { ...common, type, ...permission(r), ...action(r) }
    default:
      return r.at('type').fail(`is of no known type: ${type}`)
  }
}

function link(r: Reader): Omit<LinkEvent, keyof Common | 'type'> {
  return {
    id: r.at('id').text(),
    issuer: r.at('issuer').text(),
    holder: r.at('holder').text(),
    scope: permissions(r.at('scope')),
    parent: r.orNull('parent'),
    sig: r.at('sig').oneOf(SIGNATURES),
    redelegable: orElse(r.at('redelegable'), (b) => b.boolean(), true),
    ...r.optional('exp', number),
    ...r.optional('depth_left', number),
    ...r.optional('purpose', text),
    ...r.textOrNull('principal'),
    ...r.optional('reported_depth', number),
    ...r.optional('replaces', text),
    ...r.optional('jti', text),
  }
}

function approval(r: Reader): Omit<ApprovalEvent, keyof Common | keyof Permission | 'type'> {
  return {
    id: r.at('id').text(),
    approver: r.at('approver').text(),
    subject: r.at('subject').text(),
    uses: orElse(r.at('uses'), count, 1),
    delegates: orElse(r.at('delegates'), (b) => b.boolean(), false),
    ...r.optional('exp', number),
    ...r.optional('after_denial', text),
  }
}

function action(r: Reader): Omit<ActionEvent, keyof Common | keyof Permission | 'type'> {
  return {
    id: r.at('id').text(),
    actor: r.at('actor').text(),
    chain: r.orNull('chain'),
    approval: r.orNull('approval'),
    cred: r.orNull('cred'),
    status: orElse(r.at('status'), (s) => s.oneOf(STATUSES), 'ok'),
    zone: orElse(r.at('zone'), (b) => b.boolean(), false),
    control: orElse(r.at('control'), (b) => b.boolean(), false),
    ...r.textOrNull('caller'),
    ...r.optional('decision', text),
    ...r.textOrNull('principal'),
    ...r.optional('resource', text),
    ...r.optional('purpose', text),
  }
}
