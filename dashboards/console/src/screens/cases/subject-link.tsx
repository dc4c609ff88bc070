import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { Severity } from '../../shared/marks.tsx'
import type { CaseItem } from './documents.ts'
import { KINDS, type SubjectWords, subjectWords } from './subject-words.ts'

/** A thing by the sentence of its own screen, leading there. */
export function SubjectLink({ item }: { readonly item: CaseItem }) {
  const words = subjectWords(item)
  const { subject } = item
  return (
    <span className="case-subject">
      <Icon name={KINDS[item.kind].icon} />
      <span className="dim">{KINDS[item.kind].name}</span>
      {subject.__typename === 'Finding' ? <Severity value={subject.severity} /> : null}
      <To item={item} words={words}>
        {words.sentence}
      </To>
    </span>
  )
}

function To({
  item: { id },
  words: { where, isGone },
  children,
}: {
  readonly item: CaseItem
  readonly words: SubjectWords
  readonly children: ReactNode
}) {
  switch (where?.screen) {
    case 'finding':
      return (
        <Link to="/findings" search={{ tab: 'all', finding: id }}>
          {children}
        </Link>
      )
    case 'agent':
      return (
        <Link to="/agents/$agentId" params={{ agentId: id }}>
          {children}
        </Link>
      )
    case 'decision':
      return (
        <Link to="/decisions" search={{ decision: id }}>
          {children}
        </Link>
      )
    case 'chain': {
      const { chain, select } = where
      return (
        <Link
          to="/chains/$chainId"
          params={{ chainId: chain }}
          search={select === undefined ? {} : { select }}
        >
          {children}
        </Link>
      )
    }
    case undefined:
      return <span className={isGone === true ? 'dim' : ''}>{children}</span>
  }
}
