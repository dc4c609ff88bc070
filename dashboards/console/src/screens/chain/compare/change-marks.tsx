import { createContext, useContext } from 'react'
import { Icon, type IconName } from '../../../shared/icon.tsx'
import type { ChangedPart, Difference } from './differences.ts'
import './compare.css'

/** What differs, by what the chain view selects; empty where nothing is compared. */
export type Differences = ReadonlyMap<string, readonly Difference[]>

export const DifferencesContext = createContext<Differences>(new Map())

const ICONS: Readonly<Record<Difference['change'], IconName>> = {
  added: 'plus',
  removed: 'minus',
  changed: 'right',
}
/** A longer text than this is in the table and in the inspector. */
const SHORT = 36

export function ChangeMark({ change }: Pick<Difference, 'change'>) {
  return (
    <span className={`mark change change-${change}`}>
      <Icon name={ICONS[change]} />
      {change}
    </span>
  )
}

/** What became of a row between two instants, beside what it is. */
export function ChangeMarks({ of: key }: { readonly of: string }) {
  return useContext(DifferencesContext)
    .get(key)
    ?.map(({ kind, change, name, parts }) => (
      <span key={`${kind} ${name}`} className="changes">
        <ChangeMark change={change} />
        {kind === 'finding' ? <span title={name}>finding {name.split(' ')[0]}</span> : null}
        {parts.map((part) => (
          <PartWords key={part.part} {...part} />
        ))}
      </span>
    ))
}

function PartWords({ part, before, after }: ChangedPart) {
  if (before.length > SHORT || after.length > SHORT)
    return <span className="change-part">{part}</span>
  return (
    <span className="change-part">
      {part}: <del>{before}</del> <Icon name="right" />
      <span className="visually-hidden"> became </span>
      <ins>{after}</ins>
    </span>
  )
}

/** All that differs of what is selected. */
export function ChangedSection({ of: key }: { readonly of: string }) {
  const differences = useContext(DifferencesContext).get(key)
  if (differences === undefined) return null
  return (
    <section className="panel-section">
      <h3>What changed between the two</h3>
      {differences.map(({ kind, change, name, parts }) => (
        <div key={`${kind} ${name}`}>
          <p>
            <ChangeMark change={change} /> {kind}: {name}
          </p>
          {parts.length === 0 ? null : (
            <dl className="pairs">
              {parts.map(({ part, before, after }) => (
                <div key={part} style={{ display: 'contents' }}>
                  <dt>{part}</dt>
                  <dd>
                    <del>{before}</del> <span className="visually-hidden">became </span>
                    <ins>{after}</ins>
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      ))}
    </section>
  )
}
