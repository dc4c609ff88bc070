import { type GraphNode, OK, type Outcome, type Verdict } from '@delegraph/graph-schema'
import { canonicalize } from '@delegraph/link'
import type { GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'
import { type BudgetUse, judgeSums } from '../verify/budget.ts'
import { type PathLink, pathLinkOf, pathTo } from '../verify/path.ts'
import { callOfNode } from './action-node.ts'
import { MAX_DESCENDANTS } from './links.ts'
import { distinct, textOf } from './nodes.ts'

/** What the budgets say of actions that are being judged, and of which others they say something new. */
export interface Sums {
  /** By action; those in order are left out. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Actions that were judged before, and are not what they were. */
  readonly others: readonly string[]
}

const NOTHING: Sums = { outcomes: new Map(), others: [] }

/**
 * Adds up what was done under every link with a budget that these actions cite, or ever cited: what is
 * judged now, and what is in the graph already.
 */
export async function sumsFor(
  store: GraphStore,
  judged: readonly JudgedAction[],
  cited: readonly string[],
  known: ReadonlyMap<string, PathLink>,
): Promise<Sums> {
  const budgeted = budgetedLinks(cited, known)
  if (budgeted.length === 0) return NOTHING
  const below = (await store.descendants(budgeted, MAX_DESCENDANTS)).map(pathLinkOf)
  const links = new Map([...known, ...below.map((link) => [link.hash, link] as const)])
  const spending = distinct([...budgeted, ...below.map(({ hash }) => hash)])
  const now = new Set(judged.map(({ id }) => id))
  const others = (await store.find('Action', 'link', spending)).filter(({ key }) => !now.has(key))
  const uses = [...judged.flatMap(useOf), ...others.flatMap(useOfNode)]
  const outcomes = judgeSums(uses, links)
  return {
    outcomes,
    others: others.filter((node) => isNews(node, outcomes.get(node.key))).map(({ key }) => key),
  }
}

/** Actions in the graph whose calls are added up with those under a link. */
export async function spendingWith(
  store: GraphStore,
  cited: readonly string[],
  known: ReadonlyMap<string, PathLink>,
): Promise<readonly GraphNode[]> {
  const budgeted = budgetedLinks(cited, known)
  if (budgeted.length === 0) return []
  const below = await store.descendants(budgeted, MAX_DESCENDANTS)
  return store.find('Action', 'link', distinct([...budgeted, ...below.map(({ key }) => key)]))
}

/** Links on the paths of these that have a budget. */
function budgetedLinks(cited: readonly string[], known: ReadonlyMap<string, PathLink>): string[] {
  return distinct(
    cited.flatMap((hash) =>
      pathTo(hash, known).links.flatMap((link) => (link.budgets === undefined ? [] : link.hash)),
    ),
  )
}

function useOf(action: JudgedAction): BudgetUse[] {
  const { id, at, link, tool, call, effect, verdict, called } = action
  if (link === undefined || !isUse(effect, verdict, called?.hash)) return []
  return [{ action: id, at, link, tool, args: call.args }]
}

function useOfNode(node: GraphNode): BudgetUse[] {
  const link = textOf(node, 'link')
  if (link === undefined) return []
  if (!isUse(textOf(node, 'effect') ?? '', verdictOf(node), textOf(node, 'calledReceipt')))
    return []
  const at = Math.floor(Number(node.columns['at'] ?? 0) / 1000)
  const { tool, args } = callOfNode(node)
  return [{ action: node.key, at, link, tool, args }]
}

/**
 * What was done counts, by the word of the holder of the link or of the service that was called: a
 * stranger spends nothing, and who keeps his receipt to himself, or sends it late, still does.
 */
function isUse(effect: string, { possession }: Verdict, called: string | undefined): boolean {
  const late = possession.state === 'unknown' && possession.code === 'late_evidence'
  return effect === 'ok' && (possession.state === 'ok' || late || called !== undefined)
}

/** Where sums decide the action part, that part is ok or what the sums say of it. */
function isNews(node: GraphNode, sums: Outcome | undefined): boolean {
  const { action } = verdictOf(node)
  const known = 'code' in action ? action.code : action.state
  if (!['ok', 'budget_exceeded', 'args_withheld'].includes(known)) return false
  const text = (outcome: Outcome) => canonicalize({ ...outcome })
  return text(action) !== text(sums ?? OK)
}

function verdictOf(node: GraphNode): Verdict {
  return JSON.parse(String(node.columns['verdict'])) as Verdict
}
