import type { ChipState } from './chip-state.ts'
import { Icon, type IconName } from './icon.tsx'
import './scope-chip.css'
import { toolName } from './short.ts'

const WORDS: Readonly<Record<ChipState, string>> = {
  granted: 'granted',
  kept: 'kept',
  narrowed: 'narrowed',
  dropped: 'dropped',
  appeared: 'no link grants this',
  widened: 'wider than its parent',
  unproven: 'perhaps wider',
  ended: 'no longer in force',
  used: 'used',
  unclear: 'not known whether granted',
}

const ICONS: Readonly<Record<ChipState, IconName>> = {
  granted: 'plus',
  kept: 'check',
  narrowed: 'down',
  dropped: 'minus',
  appeared: 'bell',
  widened: 'bell',
  unproven: 'question',
  ended: 'bell',
  used: 'right',
  unclear: 'question',
}

/** One tool at one step: what it is, and what became of it, in words. */
export function ScopeChip({
  tool,
  limits,
  state,
}: {
  readonly tool: string
  readonly limits: readonly string[]
  readonly state: ChipState
}) {
  return (
    <span className={`chip chip-${state}`} title={[tool, ...limits].join('\n')}>
      <Icon name={ICONS[state]} />
      <span className="chip-tool">{toolName(tool)}</span>
      {limits.length === 0 ? null : <span className="chip-limits">{limits.join(', ')}</span>}
      <span className="chip-word">{WORDS[state]}</span>
    </span>
  )
}
