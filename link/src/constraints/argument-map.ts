import type { ArgumentMap, Constraint, ToolGrants } from '../types.ts'

/** An argument map with the meaning of `{}` spelled out. */
export interface NormalMap {
  /** Whether arguments that are not named may be passed. */
  readonly open: boolean
  readonly named: ReadonlyMap<string, Constraint>
}

/** AAT-02 section 3.3: `{}` means `{"*": wildcard}`; an argument called `*` counts as unnamed. */
export function normalMap(map: ArgumentMap): NormalMap {
  const named = new Map(Object.entries(map))
  const open = named.delete('*') || named.size === 0
  return { open, named }
}

/** The map of a tool, own members only. */
export function mapOf(tools: ToolGrants, tool: string): ArgumentMap | undefined {
  return Object.hasOwn(tools, tool) ? tools[tool] : undefined
}
