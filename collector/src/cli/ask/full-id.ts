import { CollectorError } from '../../errors.ts'
import type { GraphStore, NodeKind } from '../../graph/index.ts'
import { textOf } from '../../project/nodes.ts'

/** Kinds whose ids are hashes that people see cut. */
const HASHED: Readonly<Record<string, readonly [NodeKind, string]>> = {
  link: ['Link', 'hash'],
  approval: ['Approval', 'hash'],
  key: ['Key', 'thumbprint'],
}

/** The one id that begins with what was given; what was given where it begins none. */
export async function fullId(kind: string, given: string, store: GraphStore): Promise<string> {
  const hashed = HASHED[kind]
  return hashed === undefined ? given : ((await begunWith(hashed, given, store)) ?? given)
}

/** The action that an id names: its own, or that of a finding. */
export async function fullAction(given: string, store: GraphStore): Promise<string> {
  const action = await begunWith(['Action', 'id'], given, store)
  if (action !== undefined) return action
  const finding = await begunWith(['Finding', 'id'], given, store)
  const [node] = finding === undefined ? [] : await store.find('Finding', 'id', [finding])
  return (node === undefined ? undefined : textOf(node, 'action')) ?? given
}

/** @throws CollectorError `config_invalid` where there is more than one */
async function begunWith(
  [kind, column]: readonly [NodeKind, string],
  given: string,
  store: GraphStore,
): Promise<string | undefined> {
  const nodes = await store.page({
    kind,
    where: {},
    orderBy: column,
    direction: 'asc',
    limit: 2,
    after: { value: given, key: '' },
  })
  const [first, second] = nodes.map(({ key }) => key).filter((key) => key.startsWith(given))
  if (second !== undefined && first !== given)
    throw new CollectorError('config_invalid', `${given} begins more than one id`)
  return first
}
