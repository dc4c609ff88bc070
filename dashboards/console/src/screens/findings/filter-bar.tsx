import { DETECTORS } from '@delegraph/graph-schema'
import { MultiSelect, Select, Switch } from '@mantine/core'
import type { ReactNode } from 'react'
import { FilterPill } from '../../shared/filter-pill.tsx'
import { SeveritySelect } from '../../shared/severity-select.tsx'
import { filtersOf, type InboxSearch, inboxSearch, RULES, without } from './inbox-search.ts'

interface Props {
  readonly search: InboxSearch
  readonly change: (next: InboxSearch) => void
  /** How much is left by the filters, in words. */
  readonly found: string
  /** What stands before the filters. */
  readonly children: ReactNode
}

/** What is looked for. Everything in it is in the URL. */
export function FilterBar({ search, change, found, children }: Props) {
  const set = (part: Readonly<Record<string, unknown>>): void =>
    change(inboxSearch({ ...search, ...part }))
  const beside = filtersOf(search).filter(({ name }) => name !== 'rule' && name !== 'severity')
  return (
    <div className="filters">
      {children}
      <MultiSelect
        size="xs"
        aria-label="Rule"
        placeholder={search.rule === undefined ? 'Every rule' : ''}
        data={RULES.map((rule) => ({ value: rule, label: `${rule} ${DETECTORS[rule]}` }))}
        value={search.rule ?? []}
        onChange={(rule) => set({ rule })}
        searchable
        clearable
        comboboxProps={{ withinPortal: false, width: 260, position: 'bottom-start' }}
        className="filter-rule"
      />
      <SeveritySelect
        value={search.severity}
        change={(severity) => set({ severity })}
        className="filter-narrow"
      />
      <Select
        size="xs"
        aria-label="Order"
        data={[
          { value: 'raised', label: 'Newest learned' },
          { value: 'happened', label: 'Newest happened' },
          { value: 'severity', label: 'Most severe' },
        ]}
        value={search.order ?? 'raised'}
        onChange={(order) => set({ order: order === 'raised' ? undefined : order })}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        className="filter-narrow"
      />
      <Select
        size="xs"
        aria-label="Group"
        data={[
          { value: 'repetition', label: 'By repetition' },
          { value: 'incident', label: 'By incident' },
          { value: 'none', label: 'Not grouped' },
        ]}
        value={search.group ?? 'repetition'}
        onChange={(group) => set({ group: group === 'repetition' ? undefined : group })}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        className="filter-narrow"
      />
      <Switch
        size="xs"
        label="Wakes somebody"
        checked={search.wakes === 'yes'}
        onChange={({ currentTarget: { checked } }) => set({ wakes: checked ? 'yes' : undefined })}
      />
      {beside.map(({ name, value, text }) => (
        <FilterPill key={text} name={text} remove={() => change(without(search, name, value))} />
      ))}
      <span className="dim" role="status">
        {found}
      </span>
    </div>
  )
}
