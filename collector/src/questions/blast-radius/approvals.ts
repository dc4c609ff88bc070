import { textOf } from '../../project/nodes.ts'
import { toolName, who } from '../../verify/words.ts'
import { approvalsAt } from '../approvals-in-force.ts'
import { hasBegun } from '../asking.ts'
import { exactly } from './exactly.ts'
import { type Fact, type Ground, idsOf } from './ground.ts'

const GIVEN = { rule: 'given', decided: false } as const

/** What an approval lets its subject do, while uses of it are left. */
export async function expandApprovals(facts: readonly Fact[], ground: Ground): Promise<void> {
  const hashes = idsOf(facts, 'approval')
  if (hashes.length === 0) return
  const nodes = await ground.asking.store.find('Approval', 'hash', hashes)
  for (const { node, record, live, spent } of await approvalsAt(nodes, ground.asking)) {
    const { hash, subject, tool, approver, issuedAt, expiresAt } = record
    if (subject === undefined || !hasBegun(issuedAt, ground.asking)) continue
    const row = {
      ...{ agent: subject, tool, map: record.grants ?? exactly(textOf(node, 'args')) },
      ...{ principal: approver, from: issuedAt },
      ...(Number.isFinite(expiresAt) ? { until: expiresAt } : {}),
    }
    const over = spent ? '; its uses are spent' : ''
    const sentence = `${who(approver)} approved ${toolName(tool)} for ${who(subject)}${over}`
    ground.permit(ground.fact('approval', hash), row, { ...GIVEN, live, sentence })
  }
}
