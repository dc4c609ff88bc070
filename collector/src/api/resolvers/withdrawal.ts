import type { GraphNode } from '@delegraph/graph-schema'
import { THUMBPRINT_URI_PREFIX } from '@delegraph/link'
import { COMPLETION_PREFIX, hashToken, keyOfToken, keyToken } from '../../project/artefacts.ts'
import { outcomeFrom } from '../../verify/path.ts'
import { intOf, textOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'
import { fromMilliseconds } from '../instants.ts'
import { type AgentRef, agentRef, type Fields, type PrincipalRef, principalRef } from './fields.ts'

/** A withdrawal, with the link or approval that it is told of. */
export interface ToldWithdrawal {
  readonly record: GraphNode
  readonly of: GraphNode
}

/** How many are told of one link. */
const MOST = 16

/** What names a link, the key that holds it or that its root is signed with, or its task; oldest first. */
export async function withdrawalsOfLink(
  link: GraphNode,
  context: ApiContext,
): Promise<ToldWithdrawal[]> {
  const keys = ['holderKey', 'anchor'].flatMap((column) => textOf(link, column) ?? [])
  const tokens = [...tokenOf(link), hashToken(link.key), ...keys.map(keyToken)]
  const task = textOf(link, 'task')
  const ofTask = task === undefined ? [] : ((await context.load.withdrawalsByTask(task)) ?? [])
  // A record that names the task may be about another link of it.
  const ends = ofTask.filter((record) => textOf(record, 'token') === undefined)
  return told(link, [...(await byTokens(tokens, context)), ...ends])
}

/** What names an approval; oldest first. */
export async function withdrawalsOfApproval(
  approval: GraphNode,
  context: ApiContext,
): Promise<ToldWithdrawal[]> {
  return told(approval, await byTokens(tokenOf(approval), context))
}

function tokenOf(node: GraphNode): string[] {
  const token = textOf(node, 'token')
  return token === undefined ? [] : [token]
}

async function byTokens(tokens: readonly string[], { load }: ApiContext): Promise<GraphNode[]> {
  const found = await Promise.all(tokens.map((token) => load.withdrawalsByToken(token)))
  return found.flatMap((records = []) => records)
}

function told(of: GraphNode, found: readonly GraphNode[]): ToldWithdrawal[] {
  const records = new Map(found.map((record) => [record.key, record]))
  return [...records.values()]
    .sort((a, b) => momentOf(a) - momentOf(b) || (a.key < b.key ? -1 : 1))
    .slice(0, MOST)
    .map((record) => ({ record, of }))
}

function momentOf(record: GraphNode): number {
  return intOf(record, 'moment') ?? Number.MAX_SAFE_INTEGER
}

export const withdrawalFields: Fields<ToldWithdrawal> = {
  hash: ({ record }) => record.key,
  kind: ({ record, of }) => {
    const token = textOf(record, 'token')
    if (token === undefined) return 'task'
    if (keyOfToken(token) !== undefined) return 'key'
    return of.kind === 'Approval' ? 'approval' : 'link'
  },
  at: ({ record }) => fromMilliseconds(intOf(record, 'moment')),
  by: ({ record, of }, _, context) => {
    const issuer = textOf(record, 'issuer')
    if (issuer === undefined || outcomeFrom(textOf(record, 'outcome')).state !== 'ok')
      return undefined
    if (of.kind === 'Link') return partyOfPath(issuer, of, context)
    return textOf(of, 'issuer') === issuer ? principalRef(textOf(of, 'approver')) : undefined
  },
  issuer: ({ record }) =>
    textOf(record, 'issuer')?.replace(COMPLETION_PREFIX, THUMBPRINT_URI_PREFIX),
  verdict: ({ record }) => outcomeFrom(textOf(record, 'outcome')),
}

/** Whoever gave a link of the path with that signature, or holds one by that key. */
async function partyOfPath(
  issuer: string,
  link: GraphNode,
  { load }: ApiContext,
): Promise<AgentRef | PrincipalRef | undefined> {
  const path = (await load.path(link.key)) ?? []
  const [root] = path
  if (root !== undefined && textOf(root, 'issuer') === issuer)
    return principalRef(textOf(root, 'principal'))
  const key = issuer.replace(COMPLETION_PREFIX, '').replace(THUMBPRINT_URI_PREFIX, '')
  const holder = path.find((above) => textOf(above, 'holderKey') === key)
  return holder === undefined ? undefined : agentRef(textOf(holder, 'agent'))
}
