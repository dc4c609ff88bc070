import type { GraphNode, RegistryEntry } from '@delegraph/graph-schema'
import {
  createLinkMemo,
  type Json,
  signRegistry,
  type Trust,
  textDigest,
  withoutCompromised,
} from '@delegraph/link'
import type { Evidence, RegistryEvidence } from '../../collector/src/evidence/types.ts'
import type { GraphStore } from '../../collector/src/graph/store.ts'
import type { Learned } from '../../collector/src/project/learned.ts'
import { judge, type StepSettings, step } from '../../collector/src/project/step.ts'
import { createRegistry } from '../../collector/src/verify/registry.ts'
import { openMemoryStore } from '../contracts/memory-store.ts'
import { Telling } from './story/telling.ts'
import { keyOf, T0, TRUST } from './story/world.ts'

export { thumbprintUri } from '@delegraph/link'
export type { CallOptions, ProposedCall } from './story/calls.ts'
export { env, keyOf, STATUS_URI, T0, TOOL, TOOLS, TRUST } from './story/world.ts'

/** Tells a short history in signed evidence, and judges it with the collector's own code. */
export class Story extends Telling {
  readonly store: GraphStore
  /** Whom the collector of the story trusts. */
  trust: Trust = TRUST
  #registry: RegistryEntry[] = []

  constructor(store: GraphStore = openMemoryStore()) {
    super()
    this.store = store
  }

  registry(...entries: RegistryEntry[]): this {
    this.#registry.push(...entries)
    return this
  }

  /** Owners and a principal for everybody named, so that only what a test is about is wrong. */
  knows(...agents: string[]): this {
    return this.registry(
      { type: 'principal', id: 'person:alice', kind: 'person' },
      ...agents.map(
        (agent): RegistryEntry => ({
          type: 'owner',
          agent,
          owner: 'person:alice',
          keys: [keyOf(agent).jwk],
        }),
      ),
    )
  }

  /** The same evidence and registry, to be told in another way. */
  again(): Story {
    const story = new Story()
    story.evidence.push(...this.evidence)
    story.trust = this.trust
    return story.registry(...this.#registry)
  }

  /** Delivers the evidence, all at once unless it is given in parts, and judges it. */
  async told(
    parts: readonly (readonly Evidence[])[] = [this.evidence],
    heardAt = T0,
  ): Promise<this> {
    for (const part of parts) {
      const learned = part.map((evidence): Learned => ({ evidence, learnedAt: heardAt * 1000 }))
      const settings = this.#settings()
      const result = await step(this.store, learned, settings)
      await this.store.write(result)
    }
    return this
  }

  /** Judges again at a later time, NumericDate. */
  async later(at: number): Promise<this> {
    const actions = await this.store.page({
      kind: 'Action',
      where: {},
      orderBy: 'id',
      direction: 'asc',
      limit: 1000,
    })
    const settings = { ...this.#settings(), now: at * 1000 }
    const result = await judge(
      this.store,
      actions.map((node) => node.key),
      [],
      settings,
    )
    await this.store.write(result)
    return this
  }

  /** The registry as its owner signs it. */
  signedRegistry(): RegistryEvidence {
    const plain = JSON.parse(JSON.stringify(this.#registry)) as Json[]
    const claims = { iss: 'https://owners.example.com', iat: T0, version: '1', entries: plain }
    const { text } = signRegistry({ signer: keyOf('owner'), kid: 'owner', claims })
    return { kind: 'registry', id: textDigest(text), text }
  }

  /** The whole graph as text, without what is history: findings that were withdrawn. */
  async graph(): Promise<string> {
    const lines: string[] = []
    for await (const item of this.store.dump()) {
      const withdrawn =
        'columns' in item && item.kind === 'Finding' && item.columns['state'] !== 'open'
      if (!withdrawn) lines.push(JSON.stringify(item))
    }
    return lines.join('\n')
  }

  async findings(): Promise<GraphNode[]> {
    return this.store.page({
      kind: 'Finding',
      where: { equals: { state: ['open'] } },
      orderBy: 'rule',
      direction: 'asc',
      limit: 1000,
    })
  }

  /**
   * `D1 agent:worker` for each open finding, without the notes that nothing checked a call (D8,
   * exposure): a story has no enforcement point unless it is about one.
   */
  async fired(): Promise<string[]> {
    const found = await this.findings()
    return found
      .filter(({ columns }) => columns['rule'] !== 'D8' || columns['class'] !== 'exposure')
      .map(({ columns }) => `${columns['rule']} ${columns['agent']}`)
      .sort()
  }

  async action(id: string): Promise<GraphNode> {
    const [node] = await this.store.find('Action', 'id', [id])
    if (node === undefined) throw new Error(`no action ${id}`)
    return node
  }

  #settings(): StepSettings {
    const entries = this.#registry
    return {
      trust: withoutCompromised(this.trust),
      registry: createRegistry(entries.length === 0 ? '' : '1', T0, entries),
      memo: createLinkMemo({ max: 1000 }),
      now: T0 * 1000,
      pendingWindow: 900_000,
    }
  }
}
