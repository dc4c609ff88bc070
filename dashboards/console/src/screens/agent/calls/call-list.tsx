import { CallLink } from '../../../shared/call-link.tsx'
import { Instant } from '../../../shared/instant.tsx'
import type { Word } from '../../../shared/link-words.ts'
import { GradeMark, StateMark } from '../../../shared/marks.tsx'
import { toolName } from '../../../shared/short.ts'
import { AddToCase } from '../../cases/add/add-to-case.tsx'
import type { Call } from './documents.ts'

const AUTHORITIES: Readonly<Record<Call['why']['kind'], Word>> = {
  NONE: { text: 'no authority of its own', tone: 'bad' },
  UNKNOWN: { text: 'authority unknown', tone: 'unknown' },
  CHAIN: { text: 'by its chain', tone: 'good' },
  STANDING: { text: 'by a standing permission', tone: 'good' },
  APPROVED: { text: 'by an approval of its own', tone: 'good' },
  PUBLIC: { text: 'open to anybody', tone: 'good' },
}

/** Calls, one a line, each with why it was allowed and the way to it in its chain. */
export function CallList({ calls }: { readonly calls: readonly Call[] }) {
  return (
    <ul className="plain-list">
      {calls.map(({ id, at, tool, grade, chain, why }) => (
        <li key={id} title={why.sentence}>
          <CallLink call={{ id, tool, chain }} />
          <GradeMark grade={grade} />
          <StateMark word={AUTHORITIES[why.kind]} />
          <Instant at={at} />
          <AddToCase items={[{ kind: 'ACTION', id }]} name={`the call of ${toolName(tool)}`} />
        </li>
      ))}
    </ul>
  )
}
