import { Switch } from '@mantine/core'
import type { FindingEvent } from '../../api/finding-feed.ts'
import { SeveritySelect } from '../../shared/severity-select.tsx'
import type { LiveSearch } from './live-search.ts'

/** Which changes are shown, of the stream and of the past alike. */
export function LiveFilter({
  search,
  set,
}: {
  readonly search: LiveSearch
  readonly set: (part: Readonly<Record<string, unknown>>) => void
}) {
  return (
    <>
      <Switch
        size="xs"
        label="Only what wakes somebody"
        checked={search.pages === 'true'}
        onChange={(event) => set({ pages: event.currentTarget.checked ? 'true' : undefined })}
      />
      <SeveritySelect value={search.severity} change={(severity) => set({ severity })} />
    </>
  )
}

export function fits({ finding }: FindingEvent, { severity, pages }: LiveSearch): boolean {
  return finding.severity >= Number(severity ?? 1) && (pages === undefined || finding.pages)
}
