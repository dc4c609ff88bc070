/** Which policies of two sets differ, by name. */
export interface PolicyDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** In both, with another text. */
  readonly changed: readonly string[]
  readonly same: readonly string[]
}

export function diffPolicies(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): PolicyDiff {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const isIn = (set: Readonly<Record<string, string>>, name: string) => Object.hasOwn(set, name)
  const both = names.filter((name) => isIn(before, name) && isIn(after, name))
  return {
    added: names.filter((name) => !isIn(before, name)),
    removed: names.filter((name) => !isIn(after, name)),
    changed: both.filter((name) => before[name] !== after[name]),
    same: both.filter((name) => before[name] === after[name]),
  }
}
