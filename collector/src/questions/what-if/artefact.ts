import type { GraphNode, RegistryEntry } from '@delegraph/graph-schema'
import { decodeUnverified, isFault, jwkThumbprint } from '@delegraph/link'
import { hashToken, keyToken } from '../../project/artefacts.ts'
import { textOf } from '../../project/nodes.ts'
import { type Asking, hasBegun } from '../asking.ts'

export type ArtefactKind = 'link' | 'approval' | 'credential' | 'key' | 'export' | 'standing'

/**
 * Something that can be taken back. `id` is the hash of a link, an approval or a credential, the
 * thumbprint of a key; of an export or a standing permission the agent, or agent and tool URI with a
 * space between.
 */
export interface Artefact {
  readonly kind: ArtefactKind
  readonly id: string
}

/** An artefact with what its withdrawal is in the graph. */
export interface Taken extends Artefact {
  /** Withdrawals, as the graph would hold them. */
  readonly nodes: readonly GraphNode[]
  /** Approvals that go with it, by hash. */
  readonly approvals: readonly string[]
  /** What a registry says without it. */
  readonly without: (entries: readonly RegistryEntry[]) => readonly RegistryEntry[]
}

/** Approvals that are read at most to find those of one key. */
const MAX_APPROVALS = 5_000

/** What taking an artefact back from `moment` on (epoch milliseconds) would write; undefined where there is none. */
export async function taken(
  artefact: Artefact,
  moment: number,
  asking: Asking,
): Promise<Taken | undefined> {
  const { kind, id } = artefact
  const { store } = asking
  const one = (nodes: readonly GraphNode[], approvals: readonly string[] = []): Taken => ({
    ...artefact,
    nodes,
    approvals,
    without: (entries) => entries,
  })
  switch (kind) {
    case 'link':
    case 'approval': {
      const [node] = await store.find(kind === 'link' ? 'Link' : 'Approval', 'hash', [id])
      const issuedAt = node?.columns['issuedAt']
      if (node === undefined || textOf(node, 'outcome') === undefined) return undefined
      if (typeof issuedAt === 'number' && !hasBegun(issuedAt, asking)) return undefined
      return one(withdrawal(tokenOf(node), moment), kind === 'approval' ? [id] : [])
    }
    case 'credential': {
      const known = [
        ...(await store.find('Credential', 'credential', [id])),
        ...(await store.find('Action', 'credential', [id])),
      ]
      const registered = asking.registry.credential(id) !== undefined
      return known.length === 0 && !registered ? undefined : one([credentialBack(id, moment)])
    }
    case 'key':
      return keyTaken(artefact, moment, asking)
    case 'export':
    case 'standing': {
      const [agent = '', tool] = id.split(' ', 2)
      const has = asking.registry.entries.some((entry) => names(entry, kind, agent, tool))
      const without = (entries: readonly RegistryEntry[]): readonly RegistryEntry[] =>
        entries.flatMap((entry) =>
          names(entry, kind, agent, tool) ? ended(entry, tool, Math.floor(moment / 1000)) : entry,
        )
      return has ? { ...one([]), without } : undefined
    }
  }
}

/** A key of a holder or an issuer of roots goes as a key; that of an approval service with all that it said. */
async function keyTaken(
  artefact: Artefact,
  moment: number,
  { store, trust, registry }: Asking,
): Promise<Taken | undefined> {
  const { id } = artefact
  const kids = trust.approvers.filter(({ jwk }) => jwkThumbprint(jwk) === id).map(({ kid }) => kid)
  const held = [
    ...(await store.find('Link', 'holderKey', [id])),
    ...(await store.find('Link', 'anchor', [id])),
  ]
  const known = held.length > 0 || kids.length > 0 || registry.agentOfKey(id) !== undefined
  if (!known) return undefined
  const approvals =
    kids.length === 0
      ? []
      : await store.page({
          kind: 'Approval',
          where: {},
          orderBy: 'hash',
          direction: 'asc',
          limit: MAX_APPROVALS,
        })
  const signed = approvals.filter((node) => {
    const kid = kidOf(textOf(node, 'text'))
    return kid !== undefined && kids.includes(kid)
  })
  const nodes = [
    ...withdrawal(keyToken(id), moment),
    ...signed.flatMap((node) => withdrawal(tokenOf(node), moment)),
  ]
  return {
    ...artefact,
    nodes,
    approvals: signed.map(({ key }) => key),
    without: (entries) => entries,
  }
}

function kidOf(text: string | undefined): string | undefined {
  const decoded = text === undefined ? undefined : decodeUnverified(text)
  return decoded === undefined || isFault(decoded) ? undefined : decoded.kid
}

/** Nobody's signature is taken back by what it was said in. */
function tokenOf(node: GraphNode): string | undefined {
  return textOf(node, 'signature') === 'missing' ? hashToken(node.key) : textOf(node, 'token')
}

function withdrawal(token: string | undefined, moment: number): GraphNode[] {
  if (token === undefined) return []
  const hash = `what-if ${token}`
  const at = Math.floor(moment / 1000)
  const columns = { hash, issuer: 'what-if', token, at, moment, outcome: 'ok' }
  return [{ kind: 'Revocation', key: hash, columns }]
}

function credentialBack(credential: string, moment: number): GraphNode {
  const hash = `what-if ${credential}`
  const at = Math.floor(moment / 1000)
  const columns = { hash, credential, event: 'revoked', issuer: 'what-if', at, outcome: 'ok' }
  return { kind: 'Credential', key: hash, columns }
}

function names(
  entry: RegistryEntry,
  kind: 'export' | 'standing',
  agent: string,
  tool: string | undefined,
): boolean {
  return (
    entry.type === kind &&
    entry.agent === agent &&
    (tool === undefined || Object.hasOwn(entry.tools, tool))
  )
}

/** The entry, or one tool of it, in force until `at` (NumericDate) and no longer. */
function ended(entry: RegistryEntry, tool: string | undefined, at: number): RegistryEntry[] {
  if (entry.type !== 'export' && entry.type !== 'standing') return [entry]
  const over = { ...entry, until: Math.min(entry.until ?? at, at) }
  const map = tool === undefined ? undefined : entry.tools[tool]
  if (tool === undefined || map === undefined) return [over]
  const { [tool]: _, ...others } = entry.tools
  return [
    { ...over, tools: { [tool]: map } },
    ...(Object.keys(others).length === 0 ? [] : [{ ...entry, tools: others }]),
  ]
}
