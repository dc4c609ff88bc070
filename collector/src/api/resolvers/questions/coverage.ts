import {
  type AgentCoverage,
  agentsPage,
  type CoveredHop,
  coverageOf,
} from '../../../questions/coverage.ts'
import type { Args } from '../../connection.ts'
import type { ApiContext } from '../../context.ts'
import { apiError, throwIfInvalid } from '../../errors.ts'
import { agentRef, type Fields } from '../fields.ts'
import { askingIn, count, idIn } from './asked.ts'
import { firstIn, listPage } from './list-page.ts'

const MAX_AGENTS = 200
const MAX_COUNT = 10_000

/** @throws GraphQLError INVALID_ARGUMENT */
export async function askCoverage(args: Args, context: ApiContext) {
  const asking = await askingIn(context)
  const { store } = context
  const first = firstIn(args)
  const after =
    args['after'] === undefined || args['after'] === null ? undefined : idOf(args['after'], 'after')
  const named = namedIn(args)
  const found =
    named === undefined
      ? await agentsPage(asking, first + 1, after)
      : (await store.find('Agent', 'id', named))
          .map(({ key }) => key)
          .filter((id) => after === undefined || id > after)
  const ids = found.slice(0, first)
  const nodes: AgentCoverage[] = []
  for (const id of ids) nodes.push(await coverageOf(id, asking))
  const all = named?.length ?? (await store.count('Agent', {}, MAX_COUNT))
  return {
    edges: nodes.map((node) => ({ cursor: node.agent, node })),
    nodes,
    pageInfo: {
      hasNextPage: found.length > ids.length,
      hasPreviousPage: after !== undefined,
      startCursor: ids.at(0),
      endCursor: ids.at(-1),
    },
    totalCount: count(all, named === undefined && all >= MAX_COUNT),
  }
}

function namedIn({ agents }: Args): string[] | undefined {
  if (!Array.isArray(agents)) return undefined
  if (agents.length > MAX_AGENTS)
    throw apiError('INVALID_ARGUMENT', `agents must be at most ${MAX_AGENTS}`)
  return [...new Set(agents.map((id) => idOf(id, 'agents')))]
}

function idOf(value: unknown, argument: string): string {
  return throwIfInvalid<string>(idIn(value, argument))
}

export const coverageFields: Fields<AgentCoverage> = {
  agent: ({ agent }) => agentRef(agent) ?? { kind: 'Agent', id: agent },
  hops: ({ hops, capped }) => count(hops, capped),
  rows: ({ rows, capped }, args) => listPage(rows.filter(filterIn(args)), args, capped),
}

export const coveredHopFields: Fields<CoveredHop> = {
  action: ({ node }) => (node.kind === 'Action' ? node : undefined),
  link: ({ node }) => (node.kind === 'Link' ? node : undefined),
}

function filterIn({ where }: Args): (hop: CoveredHop) => boolean {
  const { grade, dark } = (where ?? {}) as {
    readonly grade?: readonly string[] | null
    readonly dark?: boolean | null
  }
  return (hop) =>
    (grade === undefined || grade === null || grade.includes(hop.grade ?? '')) &&
    (dark === undefined || dark === null || dark === hop.dark)
}
