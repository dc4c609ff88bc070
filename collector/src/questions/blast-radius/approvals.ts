import { usesInGraph } from '../../project/approval-uses.ts'
import { approvalOfNode, hashToken } from '../../project/artefacts.ts'
import { distinct, textOf } from '../../project/nodes.ts'
import { holds } from '../../verify/holds.ts'
import { pathLinkOf } from '../../verify/path.ts'
import { toolName, who } from '../../verify/words.ts'
import { exactly } from './exactly.ts'
import { type Fact, type Ground, idsOf } from './ground.ts'

const GIVEN = { rule: 'given', decided: false } as const

/** What an approval lets its subject do, while uses of it are left. */
export async function expandApprovals(facts: readonly Fact[], ground: Ground): Promise<void> {
  const hashes = idsOf(facts, 'approval')
  if (hashes.length === 0) return
  const { store, validAt } = ground.asking
  const nodes = await store.find('Approval', 'hash', hashes)
  const bound = await store.find(
    'Link',
    'hash',
    distinct(nodes.flatMap((node) => textOf(node, 'link') ?? [])),
  )
  const links = new Map(bound.map((node) => [node.key, pathLinkOf(node)]))
  const tokens = nodes.flatMap((node) => [textOf(node, 'token') ?? '', hashToken(node.key)])
  const withdrawn = new Set(
    (await store.find('Revocation', 'token', distinct(tokens)))
      .filter(({ columns }) => columns['outcome'] === 'ok' && Number(columns['moment']) <= validAt)
      .map((node) => textOf(node, 'token')),
  )
  for (const node of nodes) {
    const record = approvalOfNode(node, links, false)
    const { subject, tool, approver, issuedAt, expiresAt } = record
    if (record.decision !== 'approve' || subject === undefined || !holds(record.outcome)) continue
    const uses = (await usesInGraph(store, [node.key], new Set())).filter(
      ({ moment }) => moment <= validAt,
    )
    const at = validAt / 1000
    const live =
      issuedAt <= at &&
      at < expiresAt &&
      uses.length < record.uses &&
      !withdrawn.has(textOf(node, 'token')) &&
      !withdrawn.has(hashToken(node.key))
    const row = {
      ...{ agent: subject, tool, map: record.grants ?? exactly(textOf(node, 'args')) },
      ...{ principal: approver, from: issuedAt },
      ...(Number.isFinite(expiresAt) ? { until: expiresAt } : {}),
    }
    const spent = uses.length >= record.uses ? '; its uses are spent' : ''
    const sentence = `${who(approver)} approved ${toolName(tool)} for ${who(subject)}${spent}`
    ground.permit(ground.fact('approval', node.key), row, { ...GIVEN, live, sentence })
  }
}
