import type { ArgumentMap, Constraint, ToolGrants } from '../types.ts'

/**
 * Whether arguments that are not named may be passed. AAT-02 section 3.3: `{}` means
 * `{"*": wildcard}`.
 */
export function isOpen(map: ArgumentMap): boolean {
  if (Object.hasOwn(map, ANY)) return true
  for (const name in map) if (Object.hasOwn(map, name)) return false
  return true
}

/** Whether a member of a map names an argument. */
export function isName(member: string): boolean {
  return member !== ANY
}

/** The constraint of a named argument; one called `*` counts as unnamed. */
export function constraintOf(map: ArgumentMap, name: string): Constraint | undefined {
  return isName(name) && Object.hasOwn(map, name) ? map[name] : undefined
}

/** The arguments that are named. */
export function namesOf(map: ArgumentMap): readonly string[] {
  const names = Object.keys(map)
  return Object.hasOwn(map, ANY) ? names.filter(isName) : names
}

const ANY = '*'

/** The map of a tool, own members only. */
export function mapOf(tools: ToolGrants, tool: string): ArgumentMap | undefined {
  return Object.hasOwn(tools, tool) ? tools[tool] : undefined
}
