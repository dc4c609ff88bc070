// The words in which cases are written. A story lists what happened; whoever is mentioned exists.
import type { Detector, Event, Json, Permission, Where } from '../eval/format.ts'
import { parseCase } from '../eval/format.ts'

/** An event as it is written: seq is given by the place in the list, defaults may be left out. */
export type Told = { type: Event['type'] } & Record<string, unknown>

type More = Record<string, unknown>

export function perm(operation: string, where: Where = {}): Permission {
  return { perm: operation, where }
}

/** A root link, from Ann unless said otherwise. */
export function root(id: string, holder: string, scope: Permission[], more: More = {}): Told {
  return { type: 'link', id, issuer: 'ann', holder, scope, parent: null, sig: 'ok', ...more }
}

/** A link from one agent to the next. */
export function hand(
  id: string,
  from: string,
  to: string,
  scope: Permission[],
  parent: string,
  more: More = {},
): Told {
  return { type: 'link', id, issuer: from, holder: to, scope, parent, sig: 'ok', ...more }
}

/** Ann's yes, unless said otherwise. */
export function yes(id: string, subject: string, call: Permission, more: More = {}): Told {
  return { type: 'approval', id, approver: 'ann', subject, ...call, ...more }
}

export function allow(agent: string, call: Permission, more: More = {}): Told {
  return { type: 'decision', agent, ...call, verdict: 'allow', ...more }
}

export function deny(id: string, agent: string, call: Permission, more: More = {}): Told {
  return { type: 'decision', id, agent, ...call, verdict: 'deny', ...more }
}

/** A call on which no enforcement point decided. */
export function bare(id: string, actor: string, call: Permission, more: More = {}): Told {
  return { type: 'action', id, actor, ...call, cred: `cred:${actor}`, ...more }
}

/** A call that was allowed first. An allow makes nobody's right, so only D8 and D16 look at it. */
export function act(id: string, actor: string, call: Permission, more: More = {}): Told[] {
  const { t, task, trace, session } = more
  const when = Object.fromEntries(
    Object.entries({ t, task, trace, session }).filter(([, value]) => value !== undefined),
  )
  return [allow(actor, perm(call.perm), when), bare(id, actor, call, more)]
}

export function flow(src: string, dst: string, more: More = {}): Told {
  return { type: 'flow', src, dst, ...more }
}

/** The owner of an agent offers a call to a caller. */
export function offer(agent: string, to: string, call: Permission, more: More = {}): Told {
  return { type: 'export', owner: 'ann', agent, to, ...call, ...more }
}

export function secret(id: string, issuedTo: string | string[], more: More = {}): Told {
  return { type: 'credential', id, issued_to: issuedTo, ...more }
}

export function revoke(what: string, id: string, more: More = {}): Told {
  return { type: 'revoke', what, id, by: 'ann', ...more }
}

export function end(task: string, more: More = {}): Told {
  return { type: 'task_end', task, ...more }
}

export const range = (bounds: Record<string, Json>) => ({ constraint_type: 'range', ...bounds })
export const oneOf = (...values: Json[]) => ({ constraint_type: 'one_of', values })
export const noneOf = (...excluded: Json[]) => ({ constraint_type: 'not_one_of', excluded })
export const subset = (...allowed: Json[]) => ({ constraint_type: 'subset', allowed })
export const contains = (...required: Json[]) => ({ constraint_type: 'contains', required })
export const any = (...constraints: Json[]) => ({ constraint_type: 'any', constraints })
export const all = (...constraints: Json[]) => ({ constraint_type: 'all', constraints })
export const anything = { constraint_type: 'wildcard' }

/** What is so from the start. Agents belong to Ann and have no standing permission unless it says otherwise. */
export interface World {
  standing?: Record<string, Permission[]>
  owners?: Record<string, string | null>
  external?: string[]
  public?: string[]
  conflicts?: string[][]
  purposes?: Record<string, string>
  maxDepth?: number
}

/** What must be flagged in the twin that is a violation. */
export interface Flagged {
  at: string[]
  /** Every detector that is right, the one of the file first. */
  kinds: Detector[]
  culprit?: string
}

export interface Pair {
  name: string
  /** The clause that the two twins differ in. */
  clause: string
  /** The two as lines of a file, the one that must be flagged first. */
  lines: [violated: string, legitimate: string]
}

type Telling = (Told | Told[])[]

/** Two twins from one telling, which is given true for the one that must be flagged. */
export function pair(
  detector: string,
  name: string,
  clause: string,
  flagged: Flagged,
  tell: (bad: boolean) => Telling,
  world: World | ((bad: boolean) => World) = {},
): Pair {
  const build = (bad: boolean) =>
    makeCase(`${detector}/${name}/${bad ? 'violated' : 'legitimate'}`, tell(bad), {
      world: typeof world === 'function' ? world(bad) : world,
      pair: `${detector}/${name}`,
      ...(bad ? { flagged } : {}),
    })
  return { name, clause, lines: [build(true), build(false)] }
}

/** A line with no twin, in which nothing may be flagged. */
export function never(name: string, tell: Telling, world: World = {}): string {
  return makeCase(`never/${name}`, tell, { world })
}

const PRINCIPALS = { ann: 'person', bob: 'person', firm: 'organisation', timer: 'service' }

/** One line of a file. It is read once here, so that a story that is not of the format says so. */
export function makeCase(
  id: string,
  telling: Telling,
  about: { world: World; pair?: string; flagged?: Flagged },
): string {
  const { world, flagged } = about
  const events = telling.flat().map((event, i) => ({ seq: i + 1, ...event }))
  const mentioned = new Set(events.flatMap(namedIn).concat(Object.keys(world.standing ?? {})))
  const agents = [...mentioned].filter((name) => !Object.hasOwn(PRINCIPALS, name))
  const line = JSON.stringify({
    case_id: id,
    pair_id: about.pair ?? null,
    family: id.split('/').slice(0, 2).join('/'),
    principals: Object.entries(PRINCIPALS).map(([name, kind]) => ({ id: name, kind })),
    agents: agents.map((name) => ({
      id: name,
      owner: world.owners && name in world.owners ? world.owners[name] : 'ann',
      standing: world.standing?.[name] ?? [],
      kind: world.external?.includes(name) ? 'external' : 'agent',
    })),
    public: world.public,
    conflicts: world.conflicts,
    purposes: world.purposes,
    limits: world.maxDepth === undefined ? undefined : { max_depth: world.maxDepth },
    events,
    label: {
      inherit: flagged !== undefined,
      actions: flagged?.at ?? [],
      kinds: flagged?.kinds ?? [],
      culprit: flagged?.culprit ?? null,
    },
  })
  parseCase(line)
  return line
}

/** The parties an event mentions. A flow may also name actions and resources, so it makes nobody. */
function namedIn(event: Told): string[] {
  const roles = ['issuer', 'holder', 'subject', 'approver', 'actor', 'caller', 'for', 'to']
  if (event.type === 'decision') roles.push('agent')
  const one = roles.map((role) => event[role])
  const issued = event.type === 'credential' ? [event['issued_to']].flat() : []
  return [...one, ...issued].filter((name) => typeof name === 'string' && name !== '*') as string[]
}
