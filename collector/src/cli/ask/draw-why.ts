import type { Hop } from '@delegraph/graph-schema'
import { textOf } from '../../project/nodes.ts'
import type { Why } from '../../questions/why.ts'
import { toolName, who } from '../../verify/words.ts'
import { paint } from '../paint.ts'
import { asked, field, instant } from './lines.ts'

/** From the person down to the call, as one reads a chain. */
export function drawWhy(why: Why): string {
  const { action, authority, approvals, findings, yes, inForce, snapshot } = why
  const tool = textOf(action, 'tool') ?? ''
  const approved = approvals.map((node) => {
    const outcome = textOf(node, 'outcome') === 'ok' ? '' : `  ${textOf(node, 'outcome')}`
    return `${node.key.slice(0, 8)} by ${who(textOf(node, 'approver') ?? 'unknown')} at ${instant(Number(node.columns['issuedAt'] ?? 0) * 1000)}${outcome}`
  })
  return [
    `${paint('bold', 'WHY')} ${why.sentence}.`,
    '',
    ...authority.hops.flatMap((hop, i) => hopLines(hop, i, tool, authority.uncoveredHop === i)),
    ...(authority.hops.length === 0 ? [] : ['']),
    ...field('whose yes', [yes === undefined ? 'nobody that is known' : yes]),
    ...field(
      'in force',
      inForce === undefined ? [] : [`${inForce ? 'yes' : 'no'}, at ${instant(snapshot.validAt)}`],
    ),
    ...field('authority', [`${authority.kind}: ${authority.sentence}`]),
    ...field('approvals', approved),
    ...field('effect', [
      `${textOf(action, 'effect')} at ${instant(action.columns['at'])}, ${textOf(action, 'grade')}`,
    ]),
    ...field('action', [action.key]),
    ...field(
      'findings',
      findings.length === 0
        ? ['none open']
        : findings.map(
            (node) =>
              `${textOf(node, 'rule')} severity ${node.columns['severity']}: ${textOf(node, 'title')}`,
          ),
    ),
    '',
    asked(snapshot),
  ].join('\n')
}

function hopLines(hop: Hop, i: number, tool: string, breaks: boolean): string[] {
  const root = i === 0 ? [`  ${paint('bold', who(hop.delegator))}`] : []
  const granted = hop.granted
    .map((grant) => {
      const text = `${toolName(grant.tool)}${grant.limits.length === 0 ? '' : `(${grant.limits.join(', ')})`}`
      return grant.tool === tool ? paint('cyan', text) : text
    })
    .join(', ')
  const mark = breaks ? paint('yellow', '  <- the permission ends here') : ''
  return [
    ...root,
    `  ${paint('dim', '│')}  granted ${granted === '' ? 'nothing' : granted}`,
    `  ${paint('dim', '└─')} ${paint('bold', who(hop.delegate))}  ${paint('dim', `link ${hop.link.slice(0, 8)}`)}${mark}`,
  ]
}
