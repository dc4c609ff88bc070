import type { Remedy } from '@delegraph/graph-schema'
import { argumentTexts, toolName, who } from '../../verify/words.ts'
import type { ActionCase } from '../rule.ts'

/** The link by which one would have passed the call on to the other, with its fields filled in. */
export function linkRemedy(issuer: string, holder: string, subject: ActionCase, or = ''): Remedy {
  return {
    kind: 'link',
    sentence: `a link from ${who(issuer)} to ${who(holder)} that covers ${toolName(subject.action.tool)}${or}`,
    issuer,
    holder,
    ...fieldsOf(subject),
  }
}

/** The approval of this very call that was missing. */
export function approvalRemedy(
  issuer: string | undefined,
  subject: ActionCase,
  why: string,
): Remedy {
  const { action } = subject
  return {
    kind: 'approval',
    sentence: `an approval of ${toolName(action.tool)} for ${who(action.agent)}${issuer === undefined ? '' : ` by ${who(issuer)}`}${why === '' ? '' : `, ${why}`}`,
    holder: action.agent,
    ...(issuer === undefined ? {} : { issuer }),
    ...fieldsOf(subject),
  }
}

/** The owner's offer of the operation to a caller that was missing. */
export function exportRemedy(caller: string, subject: ActionCase): Remedy {
  const { action, registry } = subject
  const owner = registry.owner(action.agent)?.owner
  return {
    kind: 'export',
    sentence: `an export of ${toolName(action.tool)} of ${who(action.agent)} to ${who(caller)}${owner === undefined ? '' : `, signed by ${who(owner)}`}`,
    holder: caller,
    ...(owner === undefined ? {} : { issuer: owner }),
    ...fieldsOf(subject),
  }
}

function fieldsOf({ action }: ActionCase): Pick<Remedy, 'tool' | 'constraints' | 'task' | 'until'> {
  const until = action.path.links.at(-1)?.expiresAt
  return {
    tool: action.tool,
    constraints: argumentTexts(action.call).map((text) => text.replace(' ', ' = ')),
    ...(action.task === undefined ? {} : { task: action.task }),
    ...(until === undefined ? {} : { until }),
  }
}
