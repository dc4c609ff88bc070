import type { ActionFate, Fate, WhatIf } from '../../questions/what-if/what-if.ts'
import { paint } from '../paint.ts'
import { asked, atMost, instant, plural } from './lines.ts'

const MARKS = { loses: 'red', keeps: 'green', unknown: 'yellow' } as const

/** What would have been stopped, what would have gone on, and the work in order that would be gone. */
export function drawWhatIf(answer: WhatIf, limit: number): string {
  const { actions, loses, keeps, unknown, legitimateLost, capped, snapshot } = answer
  const order: readonly Fate[] = ['loses', 'unknown', 'keeps']
  const sorted = order.flatMap((fate) => actions.filter((one) => one.fate === fate))
  const stopped = loses - legitimateLost
  return [
    `${paint('bold', 'WHAT IF')} ${plural(loses, 'action')} would have lost ${loses === 1 ? 'its' : 'their'} authority: ${stopped} that should not have been, ${legitimateLost} in order; ${keeps} keep it, ${unknown} unknown`,
    '',
    ...atMost(sorted.map(fateLines), limit),
    ...(capped ? [paint('yellow', 'capped: the newest actions were judged, and not all')] : []),
    ...(actions.length === 0 ? ['  nothing that was done rests on it', ''] : ['']),
    asked(snapshot),
  ].join('\n')
}

function fateLines({ action, fate, sentence, rules, legitimateLost }: ActionFate): string {
  const mark = paint(MARKS[fate], fate.padEnd(8))
  const fires = rules.length === 0 ? '' : `  ${rules.join(', ')} would fire`
  const order = legitimateLost ? paint('yellow', '  in order') : ''
  const when = paint('dim', `${instant(action.columns['at'])}  ${action.key.slice(0, 8)}`)
  return `  ${mark} ${sentence}${paint('dim', fires)}${order}\n           ${when}`
}
