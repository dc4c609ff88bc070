// A random history in which everything is in order: one to three tasks, each with a tree of links of up to six
// hops, calls inside them, approvals, exports, returns of data, shared secrets, purposes and ends.
import type { Permission } from '../../eval/format.ts'
import {
  act,
  bare,
  end,
  flow,
  hand,
  offer,
  revoke,
  root,
  secret,
  type Told,
  type World,
  yes,
} from '../story.ts'
import type { Draw } from './draw.ts'
import { anyScope, callInside, narrower } from './scopes.ts'

export interface Story {
  events: Told[]
  world: World
}

const PURPOSES = { dunning: 'invoices', reminders: 'dunning', ads: 'marketing' }
const HORIZON = 10_000
const DEEPEST = 5

interface Held {
  id: string
  holder: string
  scope: Permission[]
  depth: number
  exp: number
  mayHandOn: boolean
  parent?: Held
}

/** One task as it goes on: what is held, who takes part, what the clock says. */
interface Course {
  task: string
  principal: string
  when: { t: number; task: string; session: string; trace: string }
  held: Held[]
  purpose: string | undefined
  claim: boolean
}

export function legitimate(draw: Draw): Story {
  const story: Story = { events: [], world: { standing: {}, owners: {}, purposes: PURPOSES } }
  const sig = draw.chance(15) ? 'missing' : 'ok'
  const tasks = 1 + draw.below(3)
  let t = 0
  for (let n = 1; n <= tasks; n++) t = tellTask(draw, story, n, t, sig)
  return story
}

function tellTask(draw: Draw, story: Story, n: number, start: number, sig: string): number {
  const task = `task-${n}`
  const course: Course = {
    task,
    principal: draw.pick(['ann', 'bob', 'firm'] as const),
    when: { t: start, task, session: `session-${n}`, trace: `trace-${n}` },
    held: [],
    purpose: draw.chance(30) ? 'invoices' : undefined,
    claim: draw.chance(40),
  }
  const tell = (...told: (Told | Told[])[]) => story.events.push(...told.flat())
  tellRoot(draw, course, tell, sig)
  const steps = 2 + draw.below(7)
  for (let i = 0; i < steps; i++) {
    course.when = { ...course.when, t: course.when.t + draw.below(20) }
    const id = `${n}-${i}`
    const step = draw.pick([
      tellHand,
      tellHand,
      tellCall,
      tellCall,
      tellCall,
      tellCallOfDelegate,
      tellDeputy,
    ] as const)
    step(draw, course, story, tell, id, sig)
  }
  if (draw.chance(25)) {
    const last = draw.maybe(course.held)
    if (last) tell(revoke('link', last.id, { ...after(course), by: course.principal }))
  }
  if (draw.chance(25)) tell(end(task, after(course)))
  return course.when.t + 1
}

const after = (course: Course) => ({ ...course.when, t: course.when.t + 1 })

type Tell = (...told: (Told | Told[])[]) => void

function tellRoot(draw: Draw, course: Course, tell: Tell, sig: string): void {
  const scope = anyScope(draw)
  const holder = `${course.task}-a0`
  const id = `L-${course.task}`
  const exp = HORIZON - draw.below(1000)
  course.held.push({ id, holder, scope, depth: 0, exp, mayHandOn: true })
  tell(
    root(id, holder, scope, {
      ...course.when,
      issuer: course.principal,
      exp,
      sig,
      ...(course.purpose && { purpose: course.purpose }),
      ...(course.claim && { principal: course.principal }),
    }),
  )
}

function tellHand(
  draw: Draw,
  course: Course,
  _story: Story,
  tell: Tell,
  id: string,
  sig: string,
): void {
  const parent = draw.maybe(course.held.filter((l) => l.mayHandOn && l.depth < DEEPEST))
  if (!parent) return
  const scope = narrower(draw, parent.scope)
  const link: Held = {
    id: `L-${id}`,
    holder: `${course.task}-a${1 + draw.below(6)}`,
    scope,
    depth: parent.depth + 1,
    parent,
    exp: parent.exp - draw.below(50),
    mayHandOn: draw.chance(85),
  }
  if (link.holder === parent.holder) return
  course.held.push(link)
  tell(
    hand(link.id, parent.holder, link.holder, scope, parent.id, {
      ...course.when,
      exp: link.exp,
      sig,
      redelegable: link.mayHandOn,
      ...(course.claim && { principal: course.principal }),
      ...(course.purpose && draw.chance(30) && { purpose: 'dunning' }),
      ...(draw.chance(20) && { reported_depth: link.depth }),
      ...(draw.chance(20) && { jti: `j-${id}` }),
    }),
  )
}

function tellCall(draw: Draw, course: Course, _story: Story, tell: Tell, id: string): void {
  const link = draw.maybe(course.held.filter((l) => l.scope.length > 0))
  const object = link && draw.maybe(link.scope)
  if (!link || !object) return
  const call = callInside(draw, object)
  const { when } = course
  const approved = draw.chance(25)
  const shared = draw.chance(10)
  if (approved) tell(yes(`A-${id}`, link.holder, call, { ...when, approver: course.principal }))
  if (shared) tell(secret(`K-${id}`, [link.holder, `${course.task}-a9`], when))
  const more = {
    ...when,
    chain: link.id,
    ...(approved && { approval: `A-${id}` }),
    ...(shared && { cred: `K-${id}` }),
    ...(course.claim && draw.chance(50) && { principal: course.principal }),
    ...(course.purpose &&
      draw.chance(40) && { purpose: draw.pick(['invoices', 'dunning'] as const) }),
    ...(draw.chance(8) && { status: 'failed' }),
  }
  const decided = draw.chance(85)
  tell(decided ? act(`X-${id}`, link.holder, call, more) : bare(`X-${id}`, link.holder, call, more))
  if (link.parent && draw.chance(50)) tell(flow(`X-${id}`, link.parent.holder, when))
}

/** A call on a yes to the agent above, which names its delegates. */
function tellCallOfDelegate(
  draw: Draw,
  course: Course,
  _story: Story,
  tell: Tell,
  id: string,
): void {
  const link = draw.maybe(course.held.filter((l) => l.scope.length > 0 && l.parent))
  const object = link && draw.maybe(link.scope)
  if (!link?.parent || !object) return
  const call = callInside(draw, object)
  const { when, principal } = course
  tell(
    yes(`A-${id}`, link.parent.holder, call, { ...when, approver: principal, delegates: true }),
    act(`X-${id}`, link.holder, call, { ...when, chain: link.id, approval: `A-${id}` }),
  )
}

/** A deputy that may do it by itself, and whose owner offers it to those who ask. */
function tellDeputy(
  draw: Draw,
  course: Course,
  story: Story,
  tell: Tell,
  id: string,
  sig: string,
): void {
  const asker = draw.maybe(course.held.filter((l) => l.mayHandOn && l.depth < DEEPEST))
  const [object] = anyScope(draw)
  if (!asker || !object) return
  const deputy = `deputy-${id}`
  const owner = draw.pick(['ann', 'bob'] as const)
  story.world.standing = { ...story.world.standing, [deputy]: [object] }
  story.world.owners = { ...story.world.owners, [deputy]: owner }
  const { when } = course
  const call = callInside(draw, object)
  tell(
    offer(deputy, '*', draw.chance(50) ? object : call, { ...when, owner }),
    hand(`L-${id}`, asker.holder, deputy, [], asker.id, { ...when, exp: asker.exp, sig }),
    act(`X-${id}`, deputy, call, { ...when, chain: `L-${id}` }),
  )
}
