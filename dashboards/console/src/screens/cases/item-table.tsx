import { Button } from '@mantine/core'
import { Instant } from '../../shared/instant.tsx'
import { Empty } from '../../shared/states.tsx'
import type { CaseItem } from './documents.ts'
import { SubjectLink } from './subject-link.tsx'
import { subjectWords } from './subject-words.ts'

/** What a case holds now, in the order in which it happened; what has no time comes last. */
export function ItemTable({
  items,
  take,
}: {
  readonly items: readonly CaseItem[]
  /** Takes one out; undefined where that may not be. */
  readonly take: ((item: CaseItem) => Promise<void>) | undefined
}) {
  if (items.length === 0) return <Empty title="Nothing is in this case." />
  const rows = items
    .map((item) => ({ item, words: subjectWords(item) }))
    .sort((a, b) => timeOf(a.words.at) - timeOf(b.words.at))
  return (
    <div className="case-scroll" tabIndex={0} role="region" aria-label="What is in the case">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Happened</th>
            <th scope="col">Added</th>
            <th scope="col">Note</th>
            {take === undefined ? null : (
              <th scope="col">
                <span className="visually-hidden">Take out</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, words }) => (
            <tr key={`${item.kind} ${item.id}`}>
              <th scope="row">
                <SubjectLink item={item} />
              </th>
              <td>
                {words.at == null ? (
                  <span className="dim">no one time</span>
                ) : (
                  <Instant at={words.at} />
                )}
              </td>
              <td>
                <Instant at={item.addedAt} /> by {item.addedBy}
              </td>
              <td className="case-words">{item.note}</td>
              {take === undefined ? null : (
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Take out: ${words.sentence}`}
                    onClick={() => void take(item)}
                  >
                    Take out
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Whole numbers, so that two without a time are equal. */
function timeOf(at: string | null | undefined): number {
  return at == null ? Number.MAX_SAFE_INTEGER : Date.parse(at)
}
