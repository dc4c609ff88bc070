import { textOf } from '../../project/nodes.ts'
import { type Asking, hasBegun } from '../asking.ts'
import type { Fact, FactKind, Ground } from './ground.ts'

export type StartKind =
  | 'agent'
  | 'key'
  | 'credential'
  | 'link'
  | 'approval'
  | 'resource'
  | 'principal'

/** What somebody is taken to hold: an agent with all that it has, or one thing. */
export interface Start {
  readonly kind: StartKind
  readonly id: string
}

/** The first fact; undefined where nothing of that id is in the graph. */
export async function factOfStart({ kind, id }: Start, ground: Ground): Promise<Fact | undefined> {
  return (await isKnown(kind, id, ground.asking))
    ? ground.given(kind satisfies FactKind, id)
    : undefined
}

/** Whether anything of that id is in the graph. */
export async function isKnown(kind: StartKind, id: string, asking: Asking): Promise<boolean> {
  const { store, registry } = asking
  const has = async (found: ReturnType<typeof store.find>): Promise<boolean> =>
    (await found).length > 0
  switch (kind) {
    case 'agent':
      return has(store.find('Agent', 'id', [id]))
    case 'principal':
      return has(store.find('Principal', 'id', [id]))
    case 'resource':
      return has(store.find('Resource', 'id', [id]))
    case 'link':
    case 'approval': {
      const [node] = await store.find(kind === 'link' ? 'Link' : 'Approval', 'hash', [id])
      const issuedAt = node?.columns['issuedAt']
      return (
        node !== undefined &&
        textOf(node, 'outcome') !== undefined &&
        hasBegun(typeof issuedAt === 'number' ? issuedAt : undefined, asking)
      )
    }
    case 'key':
      return (
        registry.agentOfKey(id) !== undefined ||
        (await has(store.find('Link', 'holderKey', [id]))) ||
        has(store.find('Link', 'anchor', [id]))
      )
    case 'credential':
      return (
        registry.credential(id) !== undefined ||
        (await has(store.find('Credential', 'credential', [id]))) ||
        has(store.find('Action', 'credential', [id]))
      )
  }
}
