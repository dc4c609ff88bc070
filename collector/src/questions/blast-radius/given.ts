import type { GraphNode } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '@delegraph/link'
import { textOf } from '../../project/nodes.ts'
import { holds } from '../../verify/holds.ts'
import { outcomeFrom, type pathLinkOf } from '../../verify/path.ts'
import { toolName, who } from '../../verify/words.ts'
import { liveLinks, toolsOf } from '../links-in-force.ts'
import { expandApprovals } from './approvals.ts'
import { credentials, expandCredentials } from './credentials.ts'
import { type Fact, type Ground, idsOf } from './ground.ts'
import { reachStanding } from './standing.ts'

const GIVEN = { rule: 'given', decided: false } as const

/** Rule 1: links with all below them, approvals, credentials and standing permissions. */
export async function expandGiven(facts: readonly Fact[], ground: Ground): Promise<void> {
  await expandPrincipals(facts, ground)
  await expandKeys(facts, ground)
  await expandAgents(facts, ground)
  await expandLinks(facts, ground)
  await expandApprovals(facts, ground)
  await expandCredentials(facts, ground)
}

async function expandPrincipals(facts: readonly Fact[], ground: Ground): Promise<void> {
  const { store, validAt } = ground.asking
  for (const fact of facts.filter(({ kind }) => kind === 'principal')) {
    const roots = await store.page({
      kind: 'Link',
      where: { equals: { principal: [fact.id] }, max: { depth: 0 } },
      orderBy: 'issuedAt',
      direction: 'desc',
      limit: ground.left('links') + 1,
    })
    await reachLinks(
      roots,
      () => [fact],
      ground,
      ({ delegate }) => `${who(fact.id)} gave ${who(delegate)} a link`,
    )
    for (const { key } of await store.find('Agent', 'owner', [fact.id]))
      ground.step(fact, ground.fact('agent', key), {
        ...GIVEN,
        live: true,
        sentence: `${who(fact.id)} answers for ${who(key)}`,
      })
    for (const node of await store.find('Approval', 'approver', [fact.id])) {
      if (!isYes(node)) continue
      const { key, columns } = node
      ground.step(fact, ground.fact('approval', key), {
        ...GIVEN,
        live: Number(columns['issuedAt'] ?? 0) * 1000 <= validAt,
        sentence: `${who(fact.id)} approved ${toolName(String(columns['tool'] ?? 'a call'))}`,
      })
    }
  }
}

async function expandKeys(facts: readonly Fact[], ground: Ground): Promise<void> {
  const { store, registry } = ground.asking
  for (const fact of facts.filter(({ kind }) => kind === 'key')) {
    const held = await store.find('Link', 'holderKey', [fact.id])
    const rooted = (await store.find('Link', 'anchor', [fact.id])).filter(
      (node) => textOf(node, 'parent') === undefined,
    )
    await reachLinks(
      held,
      () => [fact],
      ground,
      ({ delegate }) => `${who(delegate)} holds a link by this key`,
    )
    await reachLinks(
      rooted,
      () => [fact],
      ground,
      ({ delegate }) => `this key signed the link of ${who(delegate)}`,
    )
    const agent = registry.agentOfKey(fact.id)
    if (agent === undefined) continue
    const sentence = `${who(agent)} signs with this key`
    ground.step(fact, ground.fact('agent', agent), { ...GIVEN, live: true, sentence })
  }
}

/** Everything that an agent has of its own. */
async function expandAgents(facts: readonly Fact[], ground: Ground): Promise<void> {
  const agents = idsOf(facts, 'agent')
  if (agents.length === 0) return
  const { store, validAt } = ground.asking
  const links = await store.page({
    kind: 'Link',
    where: {
      equals: { agent: agents },
      min: { expiresAt: Math.floor(ground.since / 1000) },
      max: { issuedAt: Math.floor(validAt / 1000) + MAX_IAT_SKEW },
    },
    orderBy: 'issuedAt',
    direction: 'desc',
    limit: ground.left('links') + 1,
  })
  await reachLinks(
    links,
    (node) => [ground.fact('agent', textOf(node, 'agent') ?? '')],
    ground,
    ({ delegator, delegate }) => `${who(delegate)} holds a link from ${who(delegator)}`,
  )
  for (const agent of agents) {
    const fact = ground.fact('agent', agent)
    for (const approval of await store.neighbours('NAMES', 'in', [agent]))
      ground.step(fact, ground.fact('approval', approval), {
        ...GIVEN,
        live: true,
        sentence: `an approval names ${who(agent)}`,
      })
    reachStanding(fact, ground)
  }
  for (const { credential, issuedTo, live } of await credentials(ground)) {
    for (const agent of issuedTo.filter((id) => agents.includes(id)))
      ground.step(ground.fact('agent', agent), ground.fact('credential', credential), {
        ...GIVEN,
        live,
        sentence: `a credential was issued to ${who(agent)}`,
      })
  }
}

/** A link passes on to those below it, and lets its holder do what it grants. */
async function expandLinks(facts: readonly Fact[], ground: Ground): Promise<void> {
  const hashes = idsOf(facts, 'link')
  if (hashes.length === 0) return
  const { store } = ground.asking
  for (const { link, live } of await liveLinks(
    await store.find('Link', 'hash', hashes),
    ground.asking,
  )) {
    const fact = ground.fact('link', link.hash)
    const { delegate, principal, issuedAt, expiresAt, approvals } = link
    const does = `${who(delegate)} may act on it`
    ground.step(fact, ground.fact('holder', delegate), { ...GIVEN, live, sentence: does })
    for (const [tool, map] of toolsOf(link)) {
      // A person has to say yes to each use.
      const decided = (approvals[tool]?.min ?? 0) > 0
      const row = {
        ...{ agent: delegate, tool, map },
        ...(principal === undefined ? {} : { principal }),
        ...(issuedAt === undefined ? {} : { from: issuedAt }),
        ...(expiresAt === undefined ? {} : { until: expiresAt }),
      }
      const needs = decided ? ', with an approval before each use' : ''
      const sentence = `it lets ${who(delegate)} do ${toolName(tool)}${needs}`
      ground.permit(fact, row, { rule: 'given', decided, live, sentence })
    }
  }
  const below = await store.find('Link', 'parent', hashes)
  await reachLinks(
    below,
    (node) => [ground.fact('link', textOf(node, 'parent') ?? '')],
    ground,
    ({ delegator, delegate }) => `${who(delegator)} passed it on to ${who(delegate)}`,
  )
  for (const node of await store.find('Approval', 'link', hashes)) {
    if (!isYes(node)) continue
    const sentence = `${who(textOf(node, 'approver') ?? 'unknown')} approved ${toolName(textOf(node, 'tool') ?? 'a call')} under it`
    ground.step(
      ground.fact('link', textOf(node, 'link') ?? ''),
      ground.fact('approval', node.key),
      { ...GIVEN, live: true, sentence },
    )
  }
}

/** A yes that its signature, or somebody's word, stands behind. */
function isYes(node: GraphNode): boolean {
  return textOf(node, 'decision') === 'approve' && holds(outcomeFrom(textOf(node, 'outcome')))
}

async function reachLinks(
  nodes: readonly GraphNode[],
  from: (node: GraphNode) => readonly Fact[],
  ground: Ground,
  sentence: (link: ReturnType<typeof pathLinkOf>) => string,
): Promise<void> {
  const kept = ground.took('links', nodes)
  const byHash = new Map(kept.map((node) => [node.key, node]))
  for (const { link, live } of await liveLinks(kept, ground.asking)) {
    if (ground.isWithout(link.delegate)) continue
    const node = byHash.get(link.hash)
    for (const fact of node === undefined ? [] : from(node))
      ground.step(fact, ground.fact('link', link.hash), {
        ...GIVEN,
        live,
        sentence: sentence(link),
      })
  }
}
