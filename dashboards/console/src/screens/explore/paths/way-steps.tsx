import { Link } from '@tanstack/react-router'
import { StateMark } from '../../../shared/marks.tsx'
import { shortHash } from '../../../shared/short.ts'
import type { Way } from '../documents.ts'
import { ruleWord } from '../reach-rows.ts'

/** What it takes to go a way, in words with their marks. */
export function WayMarks({ way }: { readonly way: Way }) {
  return (
    <span className="row">
      <StateMark word={{ text: ruleWord(way), tone: way.rule === 'GIVEN' ? 'good' : 'bad' }} />
      <StateMark
        word={way.inForce ? { text: 'in force', tone: 'plain' } : { text: 'over', tone: 'gap' }}
      />
      {way.decided ? <StateMark word={{ text: 'decided on', tone: 'good' }} /> : null}
    </span>
  )
}

/** Kinds of which several read the same: their ids tell them apart. */
const HASHED: ReadonlySet<string> = new Set(['link', 'approval', 'credential', 'key'])

function StepId({ kind, id }: { readonly kind: string; readonly id: string }) {
  const text = `${kind} ${shortHash(id)}`
  if (kind !== 'link') return <code className="dim">{text}</code>
  return (
    <Link to="/chains/$chainId" params={{ chainId: id }} search={{ select: id }}>
      {text}
    </Link>
  )
}

/** The steps of a way, from the start on. */
export function WaySteps({ way }: { readonly way: Way }) {
  return (
    <ol className="reach-way">
      {way.steps.map(({ kind, id, sentence }) => (
        <li key={`${kind} ${id}`} title={`${kind} ${id}`}>
          {sentence} {HASHED.has(kind) ? <StepId kind={kind} id={id} /> : null}
        </li>
      ))}
    </ol>
  )
}
