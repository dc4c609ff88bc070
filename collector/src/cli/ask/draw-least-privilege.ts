import type { GraphNode } from '../../graph/index.ts'
import { textOf } from '../../project/nodes.ts'
import type { Permission } from '../../questions/least-privilege/held.ts'
import type { LeastPrivilege } from '../../questions/least-privilege/least-privilege.ts'
import { toolName, who } from '../../verify/words.ts'
import { paint } from '../paint.ts'
import { asked, field } from './lines.ts'

/** Granted, used, borrowed and unused, and what to paste instead. */
export function drawLeastPrivilege(answer: LeastPrivilege): string {
  const { agent, granted, exercised, inherited, unused, proposal, capped, snapshot } = answer
  const uses = Map.groupBy(exercised, (node) => toolName(textOf(node, 'tool') ?? ''))
  const borrowed = Map.groupBy(
    inherited,
    (node) =>
      `${toolName(textOf(node, 'tool') ?? '')} from ${who(textOf(node, 'from') ?? 'nobody known')}`,
  )
  const counted = (groups: Map<string, readonly GraphNode[]>): string[] =>
    [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // More than one rule may fire on an action.
      .map(
        ([name, of]) =>
          `${name}  x${new Set(of.map((node) => textOf(node, 'action') ?? node.key)).size}`,
      )
  return [
    `${paint('bold', 'LEAST PRIVILEGE')} ${proposal.sentence}.`,
    '',
    ...field('granted', orNone(granted.map(permissionText))),
    ...field('used', orNone(counted(uses))),
    ...field(
      'inherited',
      orNone(counted(borrowed)).map((line) => (inherited.length > 0 ? paint('red', line) : line)),
    ),
    ...field('unused', orNone(unused.map(permissionText))),
    ...(proposal.code === ''
      ? []
      : [
          '',
          paint('dim', '  enough would have been:'),
          '',
          ...proposal.code.split('\n').map((line) => `    ${line}`),
        ]),
    '',
    ...(proposal.complete ? [] : [paint('yellow', 'not all that was done is covered by it')]),
    ...(capped ? [paint('yellow', 'capped: there is more than was looked at')] : []),
    `${asked(snapshot)}${paint('dim', `, ${who(agent)}`)}`,
  ].join('\n')
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['nothing'] : lines
}

function permissionText({ tool, limits, source, links, state }: Permission): string {
  const by = source === 'standing' ? 'standing' : `${links} link${links === 1 ? '' : 's'}`
  const open = state === 'ok' ? '' : `, ${state}`
  return `${toolName(tool)}${limits.length === 0 ? '' : `(${limits.join(', ')})`}  ${paint('dim', `${by}${open}`)}`
}
