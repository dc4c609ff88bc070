import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Pages } from '../api/use-pages.ts'
import { Forbidden } from './forbidden.tsx'
import { Failed, Loading } from './states.tsx'

/** Shows what became of a question that is listed page by page, and once there is a page what is made of it. */
export function ShowPages<Node>({
  pages,
  what,
  children,
}: {
  readonly pages: Pages<Node>
  readonly what: string
  readonly children: (nodes: readonly Node[]) => ReactNode
}) {
  switch (pages.state) {
    case 'loading':
      return <Loading what={what} />
    case 'forbidden':
      return <Forbidden message={pages.message} />
    case 'failed':
      return <Failed message={pages.message} again={pages.again} />
    case 'ready':
      return children(pages.nodes)
  }
}

/** Asks for the next page, where there is one. */
export function MorePages({
  pages: { hasMore, more },
  by,
}: {
  readonly pages: Pages<unknown>
  /** How many a page has. */
  readonly by: number
}) {
  return hasMore ? (
    <Button size="xs" variant="default" onClick={more}>
      Look at {by} more
    </Button>
  ) : null
}
