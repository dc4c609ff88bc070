import { accepts } from '@delegraph/link'
import type { JudgedAction } from '../../verify/action.ts'
import type { DecisionRecord } from '../../verify/decision.ts'

/**
 * Whether a decision was about the same operation on what may be the same thing: the tool is the same
 * and no argument that both name speaks against it. Compared by permission and not by hash: a call that
 * is proposed again has another salt.
 */
export function overlaps(record: DecisionRecord, { call, actionHash }: JudgedAction): boolean {
  if (record.actionHash !== undefined && record.actionHash === actionHash) return true
  const asked = record.grants ?? constraintsOf(record.args)
  if (record.tool !== call.tool || asked === undefined) return false
  return Object.entries(asked).every(([name, constraint]) => {
    const value = call.args?.[name]
    return value === undefined || accepts(constraint, value)
  })
}

function constraintsOf(args: DecisionRecord['args']) {
  if (args === undefined) return undefined
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      { constraint_type: 'exact', value } as const,
    ]),
  )
}
