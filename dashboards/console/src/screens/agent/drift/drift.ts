import type { AgentProfile, InheritedTool, Permission, ToolUse } from '../documents.ts'

/** One thing that is not as it was. */
export type Change =
  | {
      readonly what: 'granted' | 'gone' | 'changed'
      readonly tool: string
      readonly permission: Permission
    }
  | { readonly what: 'exercised'; readonly tool: string; readonly use: ToolUse }
  | { readonly what: 'inherited'; readonly tool: string; readonly inherited: InheritedTool }

type Sides = Pick<AgentProfile, 'granted' | 'exercised' | 'inherited'>

export interface Drift {
  /** What was granted since comes first: it waits for somebody to look at it. */
  readonly changes: readonly Change[]
  /** Both sides were looked at whole: what is not listed has not changed. */
  readonly complete: boolean
}

/** What an agent may do and does now, against what was known of it then; nothing where it was not known. */
export function driftOf(then: Sides | undefined, now: Sides): Drift {
  const before = new Map((then?.granted.permissions ?? []).map((one) => [keyOf(one), one]))
  const after = new Map(now.granted.permissions.map((one) => [keyOf(one), one]))
  const used = new Set((then?.exercised.tools ?? []).map(({ tool }) => tool))
  const borrowed = new Set((then?.inherited.tools ?? []).map(borrowedKey))
  const granted = [...after].flatMap(([key, permission]): Change[] => {
    const { tool } = permission
    const was = before.get(key)
    if (was === undefined) return [{ what: 'granted', tool, permission }]
    return was.state === permission.state ? [] : [{ what: 'changed', tool, permission }]
  })
  const gone = [...before].flatMap(([key, permission]): Change[] =>
    after.has(key) ? [] : [{ what: 'gone', tool: permission.tool, permission }],
  )
  const exercised = now.exercised.tools.flatMap((use): Change[] =>
    used.has(use.tool) ? [] : [{ what: 'exercised', tool: use.tool, use }],
  )
  const inherited = now.inherited.tools.flatMap((one): Change[] =>
    borrowed.has(borrowedKey(one)) ? [] : [{ what: 'inherited', tool: one.tool, inherited: one }],
  )
  return {
    changes: [...granted, ...inherited, ...exercised, ...gone],
    complete: [then, now].every((sides) => sides === undefined || isWhole(sides)),
  }
}

function isWhole({ granted, exercised, inherited }: Sides): boolean {
  return granted.complete && exercised.complete && inherited.complete
}

/** The same grant, whichever link it comes by. */
function keyOf({ tool, source, limits }: Permission): string {
  return JSON.stringify([tool, source, ...limits])
}

function borrowedKey({ tool, from }: InheritedTool): string {
  return JSON.stringify([tool, from?.id ?? null])
}

/** As text for CSV and JSON. */
export function exportedChange(change: Change) {
  const { what, tool } = change
  if ('permission' in change) {
    const { limits, source, link, expiresAt } = change.permission
    return { what, tool, limits, source: source.toLowerCase(), link: link?.hash, expiresAt }
  }
  if ('use' in change) return { what, tool, uses: change.use.uses.value }
  return { what, tool, uses: change.inherited.uses, from: change.inherited.from?.id }
}

export const DRIFT_COLUMNS = [
  ...(['what', 'tool', 'limits', 'source', 'link', 'expiresAt', 'uses', 'from'] as const),
]
