import type { AgentProfile, InheritedTool, Permission, ToolUse } from './documents.ts'

/** One tool: what was given, what was done, and what was done on somebody else's authority. */
export interface MatrixRow {
  readonly tool: string
  readonly granted: readonly Permission[]
  readonly exercised: ToolUse | undefined
  readonly inherited: readonly InheritedTool[]
  readonly says: 'inherited' | 'unused' | 'in use' | 'not granted'
}

type Sides = Pick<AgentProfile, 'granted' | 'exercised' | 'inherited'>

/** What was inherited first, then what was used without a grant, what is used, and what is never used. */
const ORDER: readonly MatrixRow['says'][] = ['inherited', 'not granted', 'in use', 'unused']

export function permissionMatrix({ granted, exercised, inherited }: Sides): MatrixRow[] {
  const tools = new Set([
    ...granted.permissions.map(({ tool }) => tool),
    ...exercised.tools.map(({ tool }) => tool),
    ...inherited.tools.map(({ tool }) => tool),
  ])
  return [...tools]
    .map((tool): MatrixRow => {
      const given = granted.permissions.filter((one) => one.tool === tool)
      const used = exercised.tools.find((one) => one.tool === tool)
      const from = inherited.tools.filter((one) => one.tool === tool)
      return {
        tool,
        granted: given,
        exercised: used,
        inherited: from,
        says: wordOf(given, used, from),
      }
    })
    .sort((a, b) => ORDER.indexOf(a.says) - ORDER.indexOf(b.says) || (a.tool < b.tool ? -1 : 1))
}

function wordOf(
  granted: readonly Permission[],
  exercised: ToolUse | undefined,
  inherited: readonly InheritedTool[],
): MatrixRow['says'] {
  if (inherited.length > 0) return 'inherited'
  if (exercised === undefined) return 'unused'
  return granted.length > 0 ? 'in use' : 'not granted'
}
