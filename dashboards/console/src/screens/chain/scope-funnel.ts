import { argumentText } from '../../shared/argument-text.ts'
import type { ChipState } from '../../shared/chip-state.ts'
import type { ChainAction, ChainLink } from './documents.ts'

export interface Chip {
  readonly tool: string
  readonly limits: readonly string[]
  readonly state: ChipState
}

/** Most telling first: what should not be there, then what is new, then what is as before. */
const ORDER: readonly ChipState[] = [
  'appeared',
  'widened',
  'ended',
  'unproven',
  'unclear',
  'used',
  'granted',
  'dropped',
  'narrowed',
  'kept',
]

type LinkScope = Pick<ChainLink, 'granted' | 'changes'>

/** The tools of a link against those of its parent; `granted` where there is no parent to compare with. */
export function chipsOfLink({ changes, granted }: LinkScope): Chip[] {
  return (changes ?? granted)
    .map(({ tool, limits, change }): Chip => ({ tool, limits, state: stateOf(change) }))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || compare(a.tool, b.tool))
}

function stateOf(change: ChainLink['granted'][number]['change']): ChipState {
  return change === null ? 'granted' : (change.toLowerCase() as Lowercase<typeof change>)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The tool that a call used: `appeared` where no derivation was found that would have allowed it, `ended` where the chain
 * grants it and was taken back or over by then.
 */
export function chipOfAction(
  action: Pick<ChainAction, 'tool' | 'arguments' | 'why' | 'verdict'>,
): Chip {
  const limits = action.arguments.map((argument) => {
    const isShown = argument.disclosed && !argument.redacted
    return `${argument.name}${isShown ? ' =' : ':'} ${argumentText(argument)}`
  })
  const { kind } = action.why
  const none = cameTooLate(action) ? 'ended' : 'appeared'
  const state = kind === 'NONE' ? none : kind === 'UNKNOWN' ? 'unclear' : 'used'
  return { tool: action.tool, limits, state }
}

/** Whether all that is wrong with the chain of a call is that it was no longer in force. */
export function cameTooLate({ verdict }: Pick<ChainAction, 'verdict'>): boolean {
  const { chain, status, action } = verdict
  if (action.state === 'FAILED') return false
  return chain.code === 'expired' || (chain.state === 'OK' && status.state === 'FAILED')
}

/** Whether a permission stands there that no link above gives, or gave and no longer gives. */
export function isUnexplained({ state }: Chip): boolean {
  return state === 'appeared' || state === 'widened' || state === 'ended'
}

/** Whether a link hands on exactly what it was given. */
export function isScopeUnchanged(link: LinkScope): boolean {
  const { changes } = link
  return changes !== null && changes.length > 0 && changes.every(({ change }) => change === 'KEPT')
}
