import { hands, heldPaths } from '../../verify/auth.ts'
import type { ActionCase } from '../rule.ts'

/**
 * Clause T: nobody passed that yes on. True where no path that `to` holds, bound to the task and
 * covering the call, comes from `from`. A hand-on that was signed and has no accountable root is a
 * transfer all the same, and an orphan (D12).
 */
export function noTransfer(from: string, to: string, { action, context }: ActionCase): boolean {
  const { call, task } = action
  return !heldPaths(to, task, context).some(
    (path) =>
      path.links.some((link) => link.delegator === from) &&
      hands(path, call, action, context) === true,
  )
}
