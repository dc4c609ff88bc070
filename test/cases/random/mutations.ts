// Single changes to a history, most of them meant to break it. Whether one did is for the oracle to say.
import { act, flow, perm, root, type Told } from '../story.ts'
import type { Draw } from './draw.ts'
import type { Story } from './legitimate.ts'
import { OPERATIONS } from './scopes.ts'

type Mutation = (draw: Draw, story: Story) => Story | undefined

/** Changes one random event of a type. */
function change(
  type: string,
  how: (draw: Draw, event: Told, story: Story) => Told | undefined,
): Mutation {
  return (draw, story) => {
    const place = draw.maybe(placesOf(story, type))
    const event = place === undefined ? undefined : story.events[place]
    const changed = event && how(draw, event, story)
    if (place === undefined || !changed) return undefined
    return { ...story, events: story.events.with(place, changed) }
  }
}

/** Puts an event before a random call. */
function before(make: (draw: Draw, x: Told, story: Story) => Told | undefined): Mutation {
  return (draw, story) => {
    const place = draw.maybe(placesOf(story, 'action'))
    const x = place === undefined ? undefined : story.events[place]
    const made = x && make(draw, x, story)
    if (place === undefined || !x || !made) return undefined
    return { ...story, events: story.events.toSpliced(place, 0, { ...whenOf(x), ...made }) }
  }
}

function remove(type: string): Mutation {
  return (draw, story) => {
    const place = draw.maybe(placesOf(story, type))
    return place === undefined ? undefined : { ...story, events: story.events.toSpliced(place, 1) }
  }
}

function placesOf(story: Story, type: string): number[] {
  return story.events.flatMap((event, i) => (event.type === type ? [i] : []))
}

function whenOf({ t, task, session, trace }: Told): Record<string, unknown> {
  return { t, task, session, trace }
}

const idsOf = (story: Story, type: string) =>
  story.events.filter((event) => event.type === type).map((event) => String(event['id']))

const valuesOf = (story: Story, type: string, field: string) => [
  ...new Set(story.events.filter((e) => e.type === type).map((e) => String(e[field]))),
]

const agentsOf = (story: Story) => valuesOf(story, 'action', 'actor')

const otherAgent = (draw: Draw, story: Story, than: unknown) =>
  draw.maybe(agentsOf(story).filter((id) => id !== than))

const scopeOf = (event: Told) => (Array.isArray(event['scope']) ? event['scope'] : [])

export const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  change('link', (draw, link) => {
    const sig = draw.pick(['forged', 'wrong_key', 'spliced', 'altered', 'missing'] as const)
    // A root has no parent that it could have been cut off from.
    return { ...link, sig: sig === 'spliced' && (link['parent'] ?? null) === null ? 'forged' : sig }
  }),
  change('link', (draw, link) => ({
    ...link,
    scope: [...scopeOf(link), { perm: draw.pick(OPERATIONS) }],
  })),
  change('link', (_draw, link) => ({ ...link, scope: scopeOf(link).slice(1) })),
  change('link', (draw, link) => ({
    ...link,
    scope: scopeOf(link).map(({ perm }) => ({ perm, ...(draw.chance(50) && { where: {} }) })),
  })),
  change('link', (_draw, link) => ({ ...link, redelegable: false })),
  change('link', (draw, link) => ({ ...link, depth_left: draw.below(4) })),
  change('link', (draw, link) => ({ ...link, exp: Number(link['t']) + draw.below(60) })),
  change('link', (draw, link) => ({ ...link, reported_depth: draw.below(5) })),
  change('link', (draw, link, story) => ({
    ...link,
    issuer: otherAgent(draw, story, link['issuer']) ?? 'stranger',
  })),
  change('link', (draw, link, story) => ({
    ...link,
    jti: draw.maybe(valuesOf(story, 'link', 'jti')) ?? 'j-none',
  })),
  change('link', (draw, link) => ({ ...link, principal: draw.pick(['ann', 'bob'] as const) })),
  change('link', (draw, link) => ({ ...link, purpose: draw.pick(['ads', 'reminders'] as const) })),
  change('link', (draw, link, story) => ({
    ...link,
    parent: draw.maybe(idsOf(story, 'link').filter((id) => id !== link['id'])) ?? null,
  })),
  change('action', (draw, x, story) => ({ ...x, chain: draw.maybe(idsOf(story, 'link')) ?? null })),
  change('action', (_draw, x) => ({ ...x, chain: null })),
  change('action', (draw, x) => ({ ...x, perm: draw.pick(OPERATIONS) })),
  change('action', (draw, x) => ({ ...x, where: { target: 't-9', amount: draw.below(900) } })),
  change('action', (draw, x, story) => ({
    ...x,
    approval: draw.maybe(idsOf(story, 'approval')) ?? null,
  })),
  change('action', (draw, x, story) => ({
    ...x,
    cred: `cred:${otherAgent(draw, story, x['actor']) ?? 'nobody'}`,
  })),
  change('action', (draw, x) => ({ ...x, principal: draw.pick(['ann', 'bob', 'firm'] as const) })),
  change('action', (draw, x) => ({
    ...x,
    purpose: draw.pick(['marketing', 'reminders'] as const),
  })),
  change('action', (draw, x, story) => ({
    ...x,
    caller: otherAgent(draw, story, x['actor']) ?? null,
  })),
  change('action', (draw, x) => ({ ...x, t: Number(x['t']) + draw.below(12_000) })),
  change('action', (_draw, x) => ({ ...x, session: 'session-9' })),
  change('action', (_draw, x) => ({ ...x, status: 'denied' })),
  change('action', (draw, x) => ({ ...x, control: true, resource: `r-${draw.below(2)}` })),
  change('approval', (draw, a, story) => ({
    ...a,
    subject: otherAgent(draw, story, a['subject']) ?? 'stranger',
    delegates: draw.chance(50),
  })),
  change('approval', (draw, a) => ({
    ...a,
    where: { target: draw.pick(['t-1', 't-2'] as const) },
  })),
  change('approval', (_draw, a) => ({ ...a, approver: a['subject'] })),
  change('approval', (draw, a) => ({ ...a, exp: Number(a['t']) + draw.below(2) })),
  change('export', (draw, e, story) => ({ ...e, to: otherAgent(draw, story, e['agent']) ?? 'x' })),
  change('export', (_draw, e) => ({ ...e, where: { target: 't-1' } })),
  change('credential', (draw, k, story) => ({
    ...k,
    issued_to: otherAgent(draw, story, '') ?? 'x',
  })),
  remove('export'),
  remove('decision'),
  remove('approval'),
  before((draw, _x, story) => ({
    type: 'revoke',
    what: 'link',
    id: draw.maybe(idsOf(story, 'link')) ?? 'none',
    by: draw.pick(['ann', 'stranger'] as const),
  })),
  before((_draw, x) => ({ type: 'task_end', task: x['task'] })),
  before((draw, x, story) => {
    const agent = draw.maybe(agentsOf(story)) ?? 'stranger'
    const id = `N-${story.events.length}`
    return { type: 'decision', id, agent, perm: x['perm'], where: x['where'], verdict: 'deny' }
  }),
  before((draw, x, story) => ({
    type: 'flow',
    src: draw.maybe(agentsOf(story)) ?? 'stranger',
    dst: x['id'],
  })),
  (draw, story) => {
    const x = draw.maybe(story.events.filter((event) => event.type === 'action'))
    return (
      x && {
        ...story,
        events: [...story.events, { ...x, id: `${x['id']}-${story.events.length}` }],
      }
    )
  },
  (draw, story) => {
    const from = draw.maybe(placesOf(story, 'flow'))
    const x = draw.maybe(idsOf(story, 'action'))
    const read = from === undefined ? undefined : story.events[from]
    return read && x ? { ...story, events: [...story.events, { ...read, dst: x }] } : undefined
  },
  acrossTasks,
  bringTogether,
  (draw, story) => ({
    ...story,
    world: { ...story.world, public: [draw.pick(OPERATIONS)] },
  }),
  (draw, story) => {
    const agent = draw.maybe(agentsOf(story))
    return agent === undefined
      ? undefined
      : { ...story, world: { ...story.world, owners: { ...story.world.owners, [agent]: null } } }
  },
  (_draw, story) => ({
    ...story,
    world: {
      ...story.world,
      conflicts: [
        ['read', 'send', 'pay'],
        ['edit', 'deploy'],
      ],
    },
  }),
  (draw, story) => ({ ...story, world: { ...story.world, maxDepth: draw.below(4) } }),
]

/** What an agent left in a store while it worked on one task drives a call of another. */
function acrossTasks(draw: Draw, story: Story): Story | undefined {
  const calls = story.events.filter((event) => event.type === 'action')
  const x = draw.maybe(calls)
  const writer = draw.maybe(calls.filter((other) => x && other['task'] !== x['task']))
  if (!x || !writer) return undefined
  const wrote = flow(String(writer['actor']), 'store', whenOf(writer))
  const read = flow('store', String(x['id']), whenOf(x))
  return { ...story, events: story.events.toSpliced(story.events.indexOf(x), 0, wrote, read) }
}

/** A second principal lends an agent the other half of a conflict, and what it read goes over. */
function bringTogether(draw: Draw, story: Story): Story | undefined {
  const x = draw.maybe(story.events.filter((event) => event.type === 'action'))
  const other = draw.pick(OPERATIONS)
  if (!x || x['perm'] === other) return undefined
  const n = story.events.length
  const [agent, when] = [String(x['actor']), whenOf(x)]
  const issuer = draw.pick(['ann', 'timer'] as const)
  const added = [
    root(`L-x${n}`, agent, [perm(other)], { ...when, issuer }),
    ...(draw.chance(70) ? [flow(String(x['id']), `X-x${n}`, when)] : []),
    ...act(`X-x${n}`, agent, perm(other), { ...when, chain: `L-x${n}` }),
  ]
  const at = story.events.indexOf(x) + 1
  const conflicts = [[String(x['perm']), other]]
  return { events: story.events.toSpliced(at, 0, ...added), world: { ...story.world, conflicts } }
}

/** The history with one to two changes. */
export function mutated(draw: Draw, story: Story): Story {
  const once = draw.pick(MUTATIONS)(draw, story) ?? story
  return draw.chance(25) ? (draw.pick(MUTATIONS)(draw, once) ?? once) : once
}
