import { SegmentedControl, Switch, TextInput } from '@mantine/core'
import type { ResultOf } from '../../api/graphql.ts'
import type { OwnName } from '../../shared/own-name.ts'
import type { INBOX_COUNTS } from './documents.ts'
import { type InboxSearch, TABS, type Tab } from './inbox-search.ts'

type Counts = ResultOf<typeof INBOX_COUNTS>

const NAMES: Readonly<Record<Tab, string>> = {
  open: 'Open',
  mine: 'Mine',
  accepted: 'Accepted',
  closed: 'Closed',
  withdrawn: 'Withdrawn',
  all: 'All',
}

interface Props {
  readonly search: InboxSearch
  readonly change: (next: InboxSearch) => void
  /** Undefined until they are told. */
  readonly counts: Counts | undefined
  readonly own: OwnName
}

/** Where people stand with what is listed, how many there are of each, and what is hidden. */
export function InboxTabs({ search, change, counts, own }: Props) {
  const { tab = 'open' } = search
  const hidden = counts === undefined ? '' : numberOf(counts.hidden)
  const hasHidden = search.hidden === 'show' || (hidden !== '' && hidden !== '0')
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="State"
        data={TABS.map((value) => ({
          value,
          label: counts === undefined ? NAMES[value] : `${NAMES[value]} ${numberOf(counts[value])}`,
        }))}
        value={tab}
        onChange={(value) => change(without({ ...search, tab: value as Tab }))}
      />
      {(tab === 'open' || tab === 'mine') && hasHidden ? (
        <Switch
          size="xs"
          label={`Show hidden${tab === 'open' ? ` (${hidden})` : ''}`}
          checked={search.hidden === 'show'}
          onChange={({ currentTarget: { checked } }) => {
            const { hidden: _, ...rest } = search
            change(checked ? { ...rest, hidden: 'show' } : rest)
          }}
        />
      ) : null}
      {tab === 'mine' && own.choose !== undefined ? (
        <TextInput
          size="xs"
          aria-label="Your name"
          title="Nobody is asked who they are here: this is by which name findings are yours, in this browser."
          defaultValue={own.name ?? ''}
          maxLength={256}
          onBlur={({ currentTarget }) => own.choose?.(currentTarget.value.trim())}
        />
      ) : null}
    </>
  )
}

/** The tab that is shown first is not in the URL. */
function without({ tab, ...rest }: InboxSearch): InboxSearch {
  return tab === undefined || tab === 'open' ? rest : { ...rest, tab }
}

function numberOf(counted: Counts['open']): string {
  if (counted.__typename !== 'FindingConnection') return ''
  const { value, approximate } = counted.totalCount
  return `${value.toLocaleString('en-GB')}${approximate ? '+' : ''}`
}
