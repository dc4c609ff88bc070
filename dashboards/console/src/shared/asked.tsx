import type { ReactNode } from 'react'
import type { Asked } from '../api/ask.ts'
import { Forbidden } from './forbidden.tsx'
import { Failed, Loading } from './states.tsx'

/** Shows what became of a question until there is an answer, and then what is made of it. */
export function Show<Data>({
  asked,
  what,
  children,
}: {
  readonly asked: Asked<Data>
  readonly what: string
  readonly children: (data: Data) => ReactNode
}) {
  switch (asked.state) {
    case 'loading':
      return <Loading what={what} />
    case 'forbidden':
      return <Forbidden message={asked.message} />
    case 'failed':
      return <Failed message={asked.message} again={asked.again} />
    case 'answered':
      return children(asked.data)
  }
}
