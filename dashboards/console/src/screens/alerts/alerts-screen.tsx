import { Button, SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useAsk } from '../../api/ask.ts'
import { usePages } from '../../api/use-pages.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { CopyMenu } from '../../shared/copy-menu.tsx'
import { FilterPill } from '../../shared/filter-pill.tsx'
import { Forbidden } from '../../shared/forbidden.tsx'
import { ShowPages } from '../../shared/paged.tsx'
import type { RawSearch } from '../../shared/search-text.ts'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { useRefusal } from '../../shared/use-refusal.ts'
import './alerts.css'
import { type AlertsSearch, alertsSearch, filterOf, OUTCOME_NAMES } from './alerts-search.ts'
import { ChannelTable } from './channel-table.tsx'
import { DeliveryTable } from './delivery-table.tsx'
import { ALERT_CHANNELS, ALERT_DELIVERIES, type DeliveryRow, deliveriesIn } from './documents.ts'

const route = getRouteApi('/alerts')
const PAGE = 100

const NAMES: Readonly<Record<(typeof OUTCOME_NAMES)[number], string>> = {
  owed: 'Owed',
  delivered: 'Delivered',
  counted: 'Counted only',
  'given-up': 'Given up',
  'not-sent': 'Not sent',
}

/** Where findings are told, whether that works, and what became of each alert. */
export function AlertsScreen() {
  const asOf = useAsOf()
  const refusal = useRefusal('ADMIN')
  const asked = useAsk(ALERT_CHANNELS, {})
  return (
    <div className="alerts">
      <h1>Alerts</h1>
      {asOf === undefined ? null : (
        <p className="dim">
          What channels were told is kept as it is now: this is not of the past.
        </p>
      )}
      <Show asked={asked} what="the channels">
        {({ alertLog }) =>
          alertLog.__typename !== 'AlertLog' ? (
            <Forbidden message={alertLog.message} />
          ) : (
            <>
              {alertLog.channels.length === 0 ? (
                <Empty title="Findings are told nowhere.">
                  <p className="dim">
                    Channels are in the configuration, under <code>channels</code>: Alertmanager,
                    PagerDuty, Slack, Teams, a signed webhook, OCSF, OpenTelemetry.
                  </p>
                </Empty>
              ) : (
                <ChannelTable channels={alertLog.channels} refusal={refusal} />
              )}
              <Deliveries />
            </>
          )
        }
      </Show>
    </div>
  )
}

function Deliveries() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/alerts' })
  const change = (part: RawSearch): void =>
    void navigate({ search: (before) => alertsSearch({ ...before, ...part }) })
  const variables = { first: PAGE, filter: filterOf(search) }
  const pages = usePages(ALERT_DELIVERIES, variables, deliveriesIn)
  const pills = pillsOf(search)
  const { nodes, total } = pages
  return (
    <section className="alerts-deliveries" aria-label="What was delivered">
      <header className="row">
        <h2>Deliveries</h2>
        <SegmentedControl
          size="xs"
          aria-label="Which"
          data={[
            { value: 'all', label: 'All' },
            ...OUTCOME_NAMES.map((value) => ({ value, label: NAMES[value] })),
          ]}
          value={search.outcome ?? 'all'}
          onChange={(outcome) => change({ outcome })}
        />
        {pills.map(({ text, without }) => (
          <FilterPill key={text} name={text} remove={() => change(without)} />
        ))}
        <span className="dim" role="status">
          {total === undefined
            ? ''
            : `${counted(total.value, 'alert')}${total.approximate ? ' or more' : ''}`}
        </span>
        <span className="spread row">
          <Button size="xs" variant="default" onClick={pages.again}>
            Look again
          </Button>
          <CopyMenu
            question={{ document: ALERT_DELIVERIES, variables }}
            table={{ name: 'alerts', columns: COLUMNS, rows: () => nodes.map(exported) }}
          />
        </span>
      </header>
      <ShowPages pages={pages} what="deliveries">
        {body}
      </ShowPages>
    </section>
  )

  function body() {
    if (nodes.length === 0) {
      const isFiltered = search.outcome !== undefined || pills.length > 0
      return (
        <Empty title={isFiltered ? 'No alert fits these filters.' : 'No alert was sent yet.'} />
      )
    }
    return (
      <DeliveryTable deliveries={nodes}>
        {pages.hasMore ? (
          <Button size="xs" variant="default" onClick={pages.more}>
            Load more
          </Button>
        ) : null}
      </DeliveryTable>
    )
  }
}

function pillsOf({ channel = [], rule = [], finding = [] }: AlertsSearch) {
  const pills = (name: 'channel' | 'rule' | 'finding', values: readonly string[]) =>
    values.map((one) => ({
      text: `${name} ${one}`,
      without: { [name]: values.filter((other) => other !== one) },
    }))
  return [...pills('channel', channel), ...pills('rule', rule), ...pills('finding', finding)]
}

const COLUMNS = [
  ...['id', 'learnedAt', 'channel', 'state', 'change', 'rule', 'severity', 'finding', 'attempts'],
  ...['settledAt', 'nextAttemptAt', 'error', 'failedAt'],
]

function exported({ finding, ...row }: DeliveryRow) {
  return { ...row, finding: finding?.id ?? null }
}
