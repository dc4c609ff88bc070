import { canonicalize, type Json, permits, type ToolGrants } from '@delegraph/link'
import type { Call } from '../../verify/call.ts'
import { list, toolName, who } from '../../verify/words.ts'
import type { HeldGrant } from './held.ts'
import { narrowed } from './narrower.ts'

/** What an agent would have needed, ready to be pasted into `grant()` or `narrow()`. */
export interface Proposal {
  /** One map of tools; more where one link could not have held all that was done. */
  readonly tools: readonly ToolGrants[]
  readonly code: string
  readonly sentence: string
  /** Everything that it did in order was looked at, and is covered. */
  readonly complete: boolean
}

/** A call that was in order, with its time as NumericDate. */
export interface DoneCall {
  readonly call: Call
  readonly at: number
}

/** The least that covers what was done in order, each tool of it inside one grant that is held. */
export function proposalOf(
  agent: string,
  held: readonly HeldGrant[],
  done: readonly DoneCall[],
  isWhole: boolean,
): Proposal {
  const byTool = Map.groupBy(done, ({ call }) => call.tool)
  const maps: Record<string, ToolGrants[string]>[] = []
  const withheld: string[] = []
  let open = 0
  for (const [tool, calls] of [...byTool].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { groups, left } = byGrant(
      held.filter((grant) => grant.tool === tool),
      calls,
    )
    open += left
    for (const [place, { grant, covered }] of groups.entries()) {
      const least = narrowed(tool, grant.map, covered)
      maps[place] = { ...maps[place], [tool]: least.map }
      withheld.push(...least.withheld.map((name) => `${name} of ${toolName(tool)}`))
    }
  }
  return {
    tools: maps,
    code: maps.map((tools) => codeOf(agent, tools)).join('\n\n'),
    sentence: sentenceOf(agent, maps, [...new Set(withheld)], open),
    complete: isWhole && open === 0,
  }
}

interface Group {
  readonly grant: HeldGrant
  readonly covered: Call[]
}

/** The fewest grants that cover the calls, by which covers most; what none covers is counted. */
function byGrant(
  held: readonly HeldGrant[],
  done: readonly DoneCall[],
): { readonly groups: readonly Group[]; readonly left: number } {
  const groups: Group[] = []
  // Of equal grants one is enough.
  const equal = Map.groupBy(held, ({ map }) => canonicalize(map as unknown as Json))
  let rest = done
  while (rest.length > 0) {
    const best = [...equal.values()]
      .flatMap((same) => {
        const [grant] = same
        const covered = rest.filter((one) => same.some((candidate) => covers(candidate, one)))
        return grant === undefined ? [] : [{ grant, covered }]
      })
      .sort((a, b) => b.covered.length - a.covered.length)[0]
    if (best === undefined || best.covered.length === 0) break
    groups.push({ grant: best.grant, covered: best.covered.map(({ call }) => call) })
    const taken = new Set(best.covered)
    rest = rest.filter((one) => !taken.has(one))
  }
  return { groups, left: rest.length }
}

/** Whether a grant was there for a call, as far as its arguments were disclosed. */
export function covers({ tool, map, from, until }: HeldGrant, { call, at }: DoneCall): boolean {
  const inTime = (from === undefined || from <= at) && (until === undefined || at < until)
  const answer = permits({ [tool]: map }, call)
  return inTime && ('unknown' in answer || answer.covered)
}

function codeOf(agent: string, tools: ToolGrants): string {
  const body = JSON.stringify(tools, null, 2).replaceAll('\n', '\n  ')
  return `delegraph.narrow(chain, {\n  to: ${variable(agent)},\n  tools: ${body},\n})`
}

function variable(agent: string): string {
  const name = who(agent).replace(
    /[^A-Za-z0-9]+(.)?/g,
    (_, next?: string) => next?.toUpperCase() ?? '',
  )
  return /^[A-Za-z]/.test(name) ? name : 'holder'
}

function sentenceOf(
  agent: string,
  maps: readonly ToolGrants[],
  withheld: readonly string[],
  open: number,
): string {
  const name = who(agent)
  const needed = list([...new Set(maps.flatMap((tools) => Object.keys(tools).map(toolName)))])
  const first =
    needed === ''
      ? `${name} used nothing that it was granted`
      : `${name} needed ${needed} and nothing else of what it was granted`
  const parts = [
    maps.length > 1 ? `no one grant covers all of it, so it takes ${maps.length} links` : undefined,
    withheld.length > 0
      ? `the limit of ${list(withheld)} stays as it is, because no value was disclosed`
      : undefined,
    open > 0
      ? `${open} calls that were in order rest on an approval of their own or are open to anybody, and are not in it`
      : undefined,
  ].filter((part) => part !== undefined)
  return [first, ...parts].join('; ')
}
