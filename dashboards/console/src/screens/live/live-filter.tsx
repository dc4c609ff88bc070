import { DETECTORS } from '@delegraph/graph-schema'
import { Select, Switch } from '@mantine/core'
import type { FindingEvent } from '../../api/finding-feed.ts'
import { SeveritySelect } from '../../shared/severity-select.tsx'
import { RULES } from '../findings/inbox-search.ts'
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
      <Select
        size="xs"
        className="live-rule"
        aria-label="Rule"
        placeholder="Every rule"
        data={RULES.map((value) => ({ value, label: `${value} ${DETECTORS[value]}` }))}
        value={search.rule?.[0] ?? null}
        onChange={(value) => set({ rule: value === null ? undefined : [value] })}
        clearable
        clearButtonProps={{ 'aria-label': 'Every rule' }}
        comboboxProps={{ withinPortal: false }}
      />
      <SeveritySelect value={search.severity} change={(severity) => set({ severity })} />
    </>
  )
}

export function fits({ finding }: FindingEvent, { severity, pages, rule }: LiveSearch): boolean {
  return (
    finding.severity >= Number(severity ?? 1) &&
    (pages === undefined || finding.pages) &&
    (rule === undefined || rule.includes(finding.rule))
  )
}
