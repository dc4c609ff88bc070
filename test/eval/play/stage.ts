import { createHash } from 'node:crypto'
import type { ToolGrants } from '@delegraph/link'
import { jwkThumbprint } from '@delegraph/link'
import {
  type Approver,
  type Chain,
  createApprover,
  createDelegraph,
  createKey,
  createPrincipal,
  credentialHash,
  type Delegraph,
  dataHash,
  type Key,
  type Principal,
  type Proposal,
} from '@delegraph/sdk'
import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import type { ActionEvent, Case, Event, Permission, Where } from '../format.ts'
import type { Service, World } from '../world.ts'
import { CaseClock } from './clock.ts'
import { Names } from './names.ts'
import { Outbox } from './outbox.ts'

/** A case without what it is labelled with: all that a player gets to see. */
export type Unlabelled = Omit<Case, 'label' | 'family' | 'pair_id'>

/** An agent with its key and its instance of the SDK. */
export interface Actor {
  readonly id: string
  readonly product: string
  readonly key: Key
  readonly sdk: Delegraph
  readonly external: boolean
}

/** A part of a link that was played: what it grants, and what it is known by. */
export interface Part {
  readonly hash: string
  readonly tools: ToolGrants
  readonly holder: string
  readonly task: string
  readonly depth: number
  /** The chain down to it; absent where nobody signed it. */
  readonly chain?: Chain
  /** Hash of the root. */
  readonly root: string
  readonly jti?: string
}

/** What was played of an approval, a decision. */
export interface Artefact {
  readonly hash: string
  /** The signed text; absent where nobody signed it. */
  readonly text?: string
}

/** Everything of one case while it is played. */
export class Stage {
  readonly world: World
  readonly case: Unlabelled
  /** Everything is played as somebody's unsigned word. */
  readonly unsigned: boolean
  readonly names: Names
  readonly clock: CaseClock
  readonly outbox = new Outbox()
  readonly actors: ReadonlyMap<string, Actor>
  readonly links = new Map<string, readonly Part[]>()
  readonly approvals = new Map<string, Artefact>()
  readonly decisions = new Map<string, Artefact>()
  readonly jtis = new Map<string, string>()
  /** The concrete call of an action, where it was proposed before it was made. */
  readonly proposals = new Map<string, Proposal>()
  /** The decision on an action that names none. */
  readonly decided = new Map<string, Artefact>()
  /** Hashes of content that shaped an action, before it is made. */
  readonly shaping = new Map<string, string[]>()
  /** What lies in a resource. */
  readonly contents = new Map<string, string[]>()
  readonly #approvers = new Map<string, Approver>()

  constructor(
    world: World,
    played: Unlabelled,
    place: number,
    keys: ReadonlyMap<string, Key>,
    unsigned: boolean,
  ) {
    this.world = world
    this.case = played
    this.unsigned = unsigned
    this.names = new Names(place)
    this.clock = new CaseClock(played.events)
    const shown = shownIn(played, this.names)
    this.actors = new Map(
      played.agents.map((agent) => {
        const key = keys.get(agent.id)
        if (key === undefined) throw new Error(`no key for ${agent.id}`)
        const product = this.names.of(agent.id)
        this.names.note(jwkThumbprint(key.jwk), `cred:${agent.id}`)
        const sdk = createDelegraph({ agent: product, key, logger: this.outbox, shown })
        const external = agent.kind === 'external'
        return [agent.id, { id: agent.id, product, key, sdk, external }]
      }),
    )
  }

  /** Runs one event at its time and in its trace. */
  play<Result>(event: Event, run: () => Result): Result {
    const traceId = digest(`${this.names.of(event.trace)} trace`, 32)
    const spanId = digest(`${this.names.of(event.trace)} ${event.session}`, 16)
    const around = trace.setSpanContext(ROOT_CONTEXT, {
      ...{ traceId, spanId, traceFlags: TraceFlags.SAMPLED },
    })
    return this.clock.during(event, () => context.with(around, run))
  }

  actor(id: string): Actor {
    const actor = this.actors.get(id)
    if (actor === undefined) throw new Error(`${this.case.case_id}: no agent ${id}`)
    return actor
  }

  /** Another process of the same agent: the SDK hands a link out again within one, and each event is a link. */
  newInstance({ product, key }: Actor): Delegraph {
    return createDelegraph({ agent: product, key, logger: this.outbox })
  }

  principal(issuer: string, claimed: string): Principal {
    const { iss, kid, key } = this.rootOf(issuer)
    const id = this.names.of(claimed)
    return createPrincipal({ id, iss, kid, key, logger: this.outbox })
  }

  /** The service that signs the roots of a principal. */
  rootOf(principal: string): Service {
    const place = this.case.principals.findIndex(({ id }) => id === principal)
    return this.world.rootOf(place, this.case.principals[place]?.kind ?? '')
  }

  approver(id: string): Approver {
    const known = this.#approvers.get(id)
    if (known !== undefined) return known
    const { iss, kid, key } = this.world.approvals
    const subject = this.names.of(id)
    const made = createApprover({ iss, kid, key, subject, logger: this.outbox })
    this.#approvers.set(id, made)
    return made
  }

  isPrincipal(id: string): boolean {
    return this.case.principals.some((principal) => principal.id === id)
  }

  /** A fresh piece of content, by its keyed hash. */
  content(what: string): string {
    return dataHash(this.names.of(what), this.world.secret)
  }

  /** The name of a credential: an agent's own is its key. */
  credential(id: string): string {
    const declared = this.case.events.some((e) => e.type === 'credential' && e.id === id)
    const owner = declared || !id.startsWith('cred:') ? undefined : this.actors.get(id.slice(5))
    if (owner !== undefined) return jwkThumbprint(owner.key.jwk)
    const hash = credentialHash(this.names.of(id), this.world.secret)
    this.names.note(hash, id)
    return hash
  }

  actions(): readonly ActionEvent[] {
    return this.case.events.filter((event) => event.type === 'action')
  }
}

/** Keys for the agents of a case. */
export async function keysFor(played: Unlabelled): Promise<Map<string, Key>> {
  const made = played.agents.map(async ({ id }) => [id, await createKey()] as const)
  return new Map(await Promise.all(made))
}

/** Arguments that anything but a link looks at: the collector must see those too. */
function shownIn(played: Unlabelled, names: Names): Record<string, readonly string[]> {
  const shown: Record<string, string[]> = {}
  const see = ({ perm, where }: { perm: string; where: Where }) => {
    const tool = names.tool(perm)
    shown[tool] = [...new Set([...(shown[tool] ?? []), ...Object.keys(where)])]
  }
  const standing: Permission[] = played.agents.flatMap((agent) => agent.standing)
  for (const permission of standing) see(permission)
  for (const event of played.events) {
    if (event.type === 'approval' || event.type === 'decision' || event.type === 'export')
      see(event)
    // Whether a caller could have done it is asked of the caller's links.
    else if (event.type === 'link') event.scope.forEach(see)
  }
  return shown
}

/** Lower-case hex of this many digits. */
export function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}
