import type { GraphNode } from '@delegraph/graph-schema'
import { listOf, textOf } from '../../project/nodes.ts'
import type { Asking } from '../asking.ts'
import { credentials } from '../blast-radius/credentials.ts'
import { type FactKind, Ground, keyOf, type Within } from '../blast-radius/ground.ts'
import type { Start } from '../blast-radius/start.ts'
import type { End } from './ends.ts'

/** From where an end may be reached, and what lies between. */
export interface Before {
  /** Every agent and principal from which a way may lead there; more of them than do. */
  readonly starts: readonly Start[]
  /** Whether a fact may lie on such a way, or be what a step on one rests on. */
  readonly within: Within
}

/** A fact, or all permissions for a tool (`for`) or of an agent (`of`), whatever their limits. */
interface Place {
  readonly kind: FactKind | 'for' | 'of'
  readonly id: string
}

/** Places that are looked behind at most. */
const MAX_PLACES = 50_000
/** Of one kind that hang on one place. */
const MOST = 10_000

/**
 * Walks the rules of reach backwards. Every step has a single premise, so whatever it may have been is looked up by
 * key; what a step rests on beside it (the link, approval or credential that a call used) is taken for a premise, too,
 * and neither time nor limits are looked at. What is found is more than is true, and never less: the question is
 * then asked forwards. Undefined where it would be too much, or where something is offered to everybody.
 */
export async function beforeEnd(
  to: End,
  asking: Asking,
  isTooMuch: () => boolean,
): Promise<Before | undefined> {
  const known = new Set<string>()
  let fresh: Place[] = []
  const add: Add = (kind, id) => {
    const key = `${kind} ${id}`
    if (id === undefined || known.has(key)) return
    known.add(key)
    fresh.push({ kind, id })
  }
  const walk = new Walk(asking, add)
  walk.end(to)
  while (fresh.length > 0) {
    if (known.size > MAX_PLACES || walk.isOpen || isTooMuch()) return undefined
    const places = fresh
    fresh = []
    for (const [kind, some] of Map.groupBy(places, (place) => place.kind))
      await walk.behind(
        kind,
        some.map(({ id }) => id),
      )
  }
  if (walk.isOpen) return undefined
  const ids = (kind: 'agent' | 'principal'): Start[] =>
    [...known]
      .filter((key) => key.startsWith(`${kind} `))
      .sort()
      .map((key) => ({ kind, id: key.slice(kind.length + 1) }))
  return {
    starts: [...ids('agent'), ...ids('principal')],
    within: {
      fact: (kind, id) => known.has(keyOf(kind, id)),
      permission: ({ agent, tool }) => known.has(`for ${tool}`) || known.has(`of ${agent}`),
    },
  }
}

/** Takes in a place that may lie before the end; undefined for one that is not known. */
type Add = (kind: Place['kind'], id: string | undefined) => void

class Walk {
  /** Something was cut, or is offered to everybody: what is known is not all. */
  isOpen = false
  readonly #asking: Asking
  readonly #add: Add
  readonly #issued: ReturnType<typeof credentials>

  constructor(asking: Asking, add: Add) {
    this.#asking = asking
    this.#add = add
    this.#issued = credentials(new Ground(asking, 0))
  }

  end({ kind, id }: End): void {
    if (kind === 'tool') this.#add('for', id)
    else if (kind === 'agent') {
      this.#actor(id)
      this.#add('of', id)
    } else this.#add(kind, id)
  }

  async behind(kind: Place['kind'], ids: readonly string[]): Promise<void> {
    switch (kind) {
      case 'for':
        return this.#permissions('tool', ids)
      case 'of':
        return this.#permissions('agent', ids)
      case 'link':
        return this.#links(await this.#find('Link', 'hash', ids))
      case 'holder':
        return this.#holders(ids)
      case 'call':
        return this.#calls(ids)
      case 'agent':
        return this.#agents(ids)
      case 'approval':
        return this.#approvals(ids)
      case 'credential':
        for (const { credential, issuedTo } of await this.#issued)
          if (ids.includes(credential)) for (const agent of issuedTo) this.#add('agent', agent)
        return
      case 'standing':
        return this.#standing(ids)
      case 'export':
        return this.#exports(ids)
      case 'resource':
        return this.#resources(ids)
      // Nothing leads to these.
      case 'key':
      case 'principal':
      case 'permission':
        return
    }
  }

  async #permissions(column: 'tool' | 'agent', ids: readonly string[]): Promise<void> {
    const { registry, store } = this.#asking
    const links =
      column === 'agent'
        ? (await this.#find('Link', 'agent', ids)).map(({ key }) => key)
        : this.#whole(await store.neighbours('GRANTS', 'in', ids, MOST + 1))
    for (const link of links) this.#add('link', link)
    const where = { equals: { [column === 'agent' ? 'subject' : 'tool']: ids } }
    const yeses = await store.page({
      ...{ kind: 'Approval', where, orderBy: 'hash', direction: 'asc', limit: MOST + 1 },
    })
    for (const { key } of this.#whole(yeses)) this.#add('approval', key)
    if (column === 'agent')
      for (const { key } of await this.#find('Approval', 'link', links)) this.#add('approval', key)
    for (const { credential, issuedTo, tools = [] } of await this.#issued)
      if ((column === 'agent' ? issuedTo : tools).some((id) => ids.includes(id)))
        this.#add('credential', credential)
    for (const entry of registry.entries) {
      if (entry.type !== 'standing' && entry.type !== 'export') continue
      for (const tool of Object.keys(entry.tools ?? {}))
        if (ids.includes(column === 'agent' ? entry.agent : tool))
          this.#add(entry.type, `${entry.agent} ${tool}`)
    }
    for (const action of await this.#find('Action', column, ids)) {
      this.#add('agent', textOf(action, 'agent'))
      this.#used(action)
    }
  }

  #links(nodes: readonly GraphNode[]): void {
    for (const node of nodes) {
      this.#add('link', textOf(node, 'parent'))
      this.#add('agent', textOf(node, 'agent'))
      this.#add('principal', textOf(node, 'principal'))
      this.#add('resource', node.key)
    }
  }

  async #holders(agents: readonly string[]): Promise<void> {
    for (const { key } of await this.#find('Link', 'agent', agents)) this.#add('link', key)
    for (const { credential, issuedTo } of await this.#issued)
      if (issuedTo.some((agent) => agents.includes(agent))) this.#add('credential', credential)
    for (const action of await this.#find('Action', 'agent', agents)) this.#used(action)
  }

  async #calls(agents: readonly string[]): Promise<void> {
    for (const entry of this.#asking.registry.entries) {
      if (entry.type !== 'export' || !agents.includes(entry.agent)) continue
      for (const id of offered(entry)) this.#add('export', id)
    }
    for (const action of await this.#find('Action', 'agent', agents)) {
      const callers = listOf(action, 'callers')
      if (callers.length === 0) continue
      for (const caller of callers) this.#actor(caller)
      this.#rests(action)
    }
  }

  async #agents(agents: readonly string[]): Promise<void> {
    for (const node of await this.#find('Agent', 'id', agents))
      this.#add('principal', textOf(node, 'owner'))
    for (const agent of agents) this.#add('resource', agent)
    for (const kind of ['Action', 'Movement'] as const)
      for (const node of await this.#find(kind, 'agent', agents))
        this.#add('resource', textOf(node, 'resource'))
  }

  async #approvals(hashes: readonly string[]): Promise<void> {
    for (const node of await this.#find('Approval', 'hash', hashes)) {
      this.#add('principal', textOf(node, 'approver'))
      this.#add('link', textOf(node, 'link'))
      this.#add('resource', node.key)
    }
    const named = await this.#asking.store.neighbours('NAMES', 'out', hashes, MOST + 1)
    for (const agent of this.#whole(named)) this.#add('agent', agent)
  }

  #standing(ids: readonly string[]): void {
    for (const entry of this.#asking.registry.entries) {
      if (entry.type !== 'standing' || !offered(entry).some((id) => ids.includes(id))) continue
      this.#add('agent', entry.agent)
      this.#add('call', entry.agent)
    }
  }

  #exports(ids: readonly string[]): void {
    for (const entry of this.#asking.registry.entries) {
      if (entry.type !== 'export' || !offered(entry).some((id) => ids.includes(id))) continue
      if (entry.callers === '*') this.isOpen = true
      else for (const caller of entry.callers) this.#actor(caller)
    }
  }

  async #resources(ids: readonly string[]): Promise<void> {
    for (const action of await this.#find('Action', 'resource', ids)) {
      this.#actor(textOf(action, 'agent'))
      this.#rests(action)
      this.#add('for', textOf(action, 'tool'))
    }
    for (const movement of await this.#find('Movement', 'resource', ids)) {
      this.#actor(textOf(movement, 'agent'))
      this.#rests(movement)
    }
  }

  /** An agent, however it is reached. */
  #actor(agent: string | undefined): void {
    for (const kind of ['agent', 'holder', 'call'] as const) this.#add(kind, agent)
  }

  /** What a call is known by to be of somebody who does not hold all that its agent has. */
  #rests(node: GraphNode): void {
    const [agent, tool] = [textOf(node, 'agent'), textOf(node, 'tool')]
    this.#add('agent', agent)
    this.#add('link', textOf(node, 'link'))
    this.#used(node)
    if (agent === undefined || tool === undefined) return
    this.#add('standing', `${agent} ${tool}`)
    this.#add('export', `${agent} ${tool}`)
  }

  #used(node: GraphNode): void {
    this.#add('credential', textOf(node, 'credential'))
    for (const hash of listOf(node, 'approvals')) this.#add('approval', hash)
  }

  async #find(
    kind: Parameters<Asking['store']['find']>[0],
    column: string,
    ids: readonly string[],
  ): Promise<GraphNode[]> {
    return this.#whole(await this.#asking.store.find(kind, column, ids, MOST + 1))
  }

  #whole<Item>(found: readonly Item[]): Item[] {
    if (found.length > MOST) this.isOpen = true
    return found.slice(0, MOST)
  }
}

/** The ids of the facts that an entry makes. */
function offered({ agent, tools }: { readonly agent: string; readonly tools?: unknown }): string[] {
  return Object.keys(tools ?? {}).map((tool) => `${agent} ${tool}`)
}
