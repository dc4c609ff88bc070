import type { GraphNode } from '@delegraph/graph-schema'
import { LIMITS } from '@delegraph/link'
import { may } from '../../access/viewer.ts'
import { trimmedAt, trimmedSentence } from '../../retention/nodes.ts'
import { textOf } from '../columns.ts'
import { type Args, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import {
  apiError,
  type InvalidArgument,
  invalidArgument,
  isUserError,
  type NotFound,
  notFound,
} from '../errors.ts'
import { newestCursor } from '../finding-stream.ts'
import { cases } from './case/case-page.ts'
import { type Chain, keptChain } from './chain.ts'
import { cypher } from './cypher.ts'
import { decisions } from './decision.ts'
import type { AgentRef, Fields } from './fields.ts'
import { findingListing } from './finding-filter.ts'
import { findingGroups } from './finding-groups.ts'
import { type NodeType, parseNodeId } from './node-id.ts'
import { askPosture } from './posture.ts'
import { search } from './search.ts'
import { snapshotIn } from './snapshot.ts'
import { previewSuppression, suppressions } from './suppression.ts'
import { inZones } from './zone-filter.ts'

type Found = GraphNode | Chain | AgentRef

/** The entry points: every one answers with what was asked for or with a plain error. */
export const queryFields: Fields<unknown> = {
  finding: (_, args, context) => one('Finding', args, context),
  chain: (_, args, context) => one('Chain', args, context),
  action: (_, args, context) => one('Action', args, context),
  agent: (_, args, context) => one('Agent', args, context),
  approval: (_, args, context) => one('Approval', args, context),
  decision: (_, args, context) => one('Decision', args, context),
  decisions,
  linkTexts: (_, args, context) => linkTexts((args['hashes'] ?? []) as readonly string[], context),
  node: async (_, args, context) => {
    const parsed = parseNodeId(String(args['id']).slice(0, MAX_ID + 1))
    return parsed === undefined ? undefined : lookUp(parsed.type, parsed.key, context)
  },
  findings: async (_, args, context) => {
    const { store, instants } = context
    const listing = await inZones(findingListing(args, instants?.validAt), args['where'], context)
    return isUserError(listing) ? listing : pageOf(store, listing, args)
  },
  snapshot: (_, __, context) => snapshotIn(context),
  findingGroups,
  findingCursor: (_, __, { store }) => newestCursor(store),
  posture: (_, args, { clock }) => askPosture(args, clock()),
  pulse: (_, __, { pulse }) => pulse?.now(),
  search: (_, args, { store }) => search(store, args),
  suppressions,
  previewSuppression,
  case: (_, args, context) => one('Case', args, context),
  cases,
  viewer: (_, __, { viewer }) => viewer,
  graphStore: (_, __, { store }) => store.name,
  cypher,
}

const MAX_ID = 1024

async function linkTexts(
  hashes: readonly string[],
  context: ApiContext,
): Promise<readonly { readonly hash: string; readonly text: string }[]> {
  if (!may(context.viewer, 'ingest') && !may(context.viewer, 'analyst')) {
    throw apiError('FORBIDDEN', 'linkTexts needs the role ingest or analyst')
  }
  if (hashes.length > LIMITS.links)
    throw apiError('INVALID_ARGUMENT', `hashes must be at most ${LIMITS.links}`)
  const nodes = await Promise.all([...new Set(hashes)].map((hash) => context.load.node.Link(hash)))
  return nodes.flatMap((node) => {
    const text = node === undefined ? undefined : textOf(node, 'text')
    return node === undefined || text === undefined ? [] : [{ hash: node.key, text }]
  })
}

async function one(
  type: NodeType,
  args: Args,
  context: ApiContext,
): Promise<Found | NotFound | InvalidArgument> {
  const id = String(args['id'])
  if (id === '' || id.length > MAX_ID) {
    return invalidArgument('id', `from 1 to ${MAX_ID} characters`)
  }
  const found = await lookUp(type, id, context)
  if (found !== undefined) return found
  const what = type.toLowerCase()
  const gone = await trimmedAt(context.store, what, id)
  if (gone === undefined) return notFound(`${what} ${id}`)
  return {
    kind: 'NotFoundError',
    message: trimmedSentence(what, id, gone),
    trimmedAt: new Date(gone),
  }
}

async function lookUp(
  type: NodeType,
  key: string,
  context: ApiContext,
): Promise<Found | undefined> {
  switch (type) {
    case 'Chain':
      return keptChain(key, context)
    case 'Agent':
      return (await context.load.node.Agent(key)) && { kind: 'Agent', id: key }
    case 'Action':
    case 'Finding':
      return judged(await context.load.node[type](key))
    case 'Approval':
    case 'Decision':
    case 'Suppression':
    case 'Case':
    case 'Link':
      return context.load.node[type](key)
  }
}

/** A relationship or a delivery may name one before it is there: then it is not known yet. */
function judged(node: GraphNode | undefined): GraphNode | undefined {
  return node?.columns['at'] === undefined ? undefined : node
}
