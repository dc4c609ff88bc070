import { StateMark } from '../../shared/marks.tsx'
import type { Branches } from './branches.ts'

/** Who handed to whom where a chain was handed on to several, and which of these went wrong. */
export function BranchList({
  branches: { branches, all },
  onSelect,
}: {
  readonly branches: Branches
  readonly onSelect: (leaf: string) => void
}) {
  if (branches.length === 0) return null
  return (
    <ul className="chain-branches" aria-label={`${all} branches`}>
      {branches.map(({ leaf, names, troubles }) => (
        <li key={leaf}>
          <button type="button" className="text-button" onClick={() => onSelect(leaf)}>
            {names.join(' → ')}
          </button>
          {troubles.length === 0 ? (
            <span className="dim">nothing went wrong</span>
          ) : (
            troubles.map((text) => <StateMark key={text} word={{ text, tone: 'bad' }} />)
          )}
        </li>
      ))}
      {all > branches.length ? (
        <li className="dim">and {all - branches.length} more branches: the table has them</li>
      ) : null}
    </ul>
  )
}
