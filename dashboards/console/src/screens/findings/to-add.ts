import { counted } from '../../shared/short.ts'
import type { ToAdd } from '../cases/add/adding.ts'
import type { FindingRow } from './documents.ts'

/** Findings as they are put into a case. */
export function toAdd(findings: readonly FindingRow[]): ToAdd {
  const [first] = findings
  return {
    items: findings.map(({ id }) => ({ kind: 'FINDING', id })),
    name:
      findings.length === 1 && first !== undefined
        ? first.title
        : counted(findings.length, 'finding'),
  }
}
