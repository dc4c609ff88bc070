import { SegmentedControl, Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { useAsk } from '../../../api/ask.ts'
import { useAsOf } from '../../../app/as-of.ts'
import { BackToNow } from '../../../app/as-of-picker.tsx'
import { Show } from '../../../shared/asked.tsx'
import { CopyMenu } from '../../../shared/copy-menu.tsx'
import { useOwnName } from '../../../shared/own-name.ts'
import { Empty, NotTold } from '../../../shared/states.tsx'
import { INBOX_COUNTS } from '../documents.ts'
import { TimeToTriage } from '../figures.tsx'
import { countsOf, type InboxSearch, SPANS } from '../inbox-search.ts'
import { InboxTabs } from '../inbox-tabs.tsx'
import { useNow } from '../use-now.ts'
import { ActionList } from './action-list.tsx'
import { BlamedList } from './blamed-list.tsx'
import { POSTURE, type Posture } from './documents.ts'
import { EvidenceShare } from './evidence-share.tsx'
import './posture.css'
import { RuleTable } from './rule-table.tsx'
import { TrendPicture } from './trend-picture.tsx'
import { TrendTable } from './trend-table.tsx'
import { ZoneTable } from './zone-table.tsx'

interface Props {
  readonly search: InboxSearch
  readonly change: (next: InboxSearch) => void
}

/** How findings stand, and how they went over the last days. */
export function PostureScreen({ search, change }: Props) {
  const { days = '30', trend = 'picture' } = search
  const asOf = useAsOf()
  const own = useOwnName()
  const [now] = useNow(days, asOf)
  const reader = { name: own.name ?? '', now }
  const at = asOf === undefined ? {} : { asOf }
  const counts = useAsk(INBOX_COUNTS, { ...countsOf({}, reader), ...at })
  const zone = search.zone?.[0]
  const variables = { days: Number(days), ...(zone === undefined ? {} : { zone }) }
  const asked = useAsk(POSTURE, variables, asOf !== undefined)
  const answer = asked.state === 'answered' ? asked.data.posture : undefined
  const zones = answer?.__typename === 'Posture' ? answer.zones.map((one) => one.zone.name) : []
  const rows = answer?.__typename === 'Posture' ? answer.trend.days : []
  return (
    <section className="inbox-main posture" aria-label="Posture">
      <div className="inbox-head">
        <h1>Findings</h1>
        <InboxTabs
          search={search}
          change={change}
          counts={counts.state === 'answered' ? counts.data : undefined}
          own={own}
        />
        <div className="spread row">
          <CopyMenu
            question={{ document: POSTURE, variables }}
            table={{
              name: 'posture',
              columns: ['at', 'raised', 'open', 'accepted', 'closed', 'withdrawn'],
              rows: () => rows,
            }}
          />
        </div>
      </div>
      <div className="filters">
        <SegmentedControl
          size="xs"
          aria-label="Days"
          data={SPANS.map((value) => ({ value, label: `${value} days` }))}
          value={days}
          onChange={(value) => {
            const { days: _, ...rest } = search
            change(value === '30' ? rest : { ...rest, days: value as '7' | '90' })
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'table', label: 'Table' },
          ]}
          value={trend}
          onChange={(value) => {
            const { trend: _, ...rest } = search
            change(value === 'table' ? { ...rest, trend: 'table' } : rest)
          }}
        />
        {zones.length === 0 && zone === undefined ? null : (
          <Select
            size="xs"
            aria-label="Zone"
            placeholder="Every zone"
            data={[...new Set([...zones, ...(zone === undefined ? [] : [zone])])]}
            value={zone ?? null}
            onChange={(name) => {
              const { zone: _, ...rest } = search
              change(name === null ? rest : { ...rest, zone: [name] })
            }}
            clearable
            comboboxProps={{ withinPortal: false }}
            className="filter-narrow"
          />
        )}
      </div>
      {asOf === undefined ? (
        <Show asked={asked} what="the posture">
          {({ posture }) =>
            posture.__typename === 'Posture' ? (
              <Parts posture={posture} view={trend} zone={zone}>
                <EvidenceShare
                  evidence={posture.evidence}
                  shown={search.actions}
                  show={(actions) => {
                    const { actions: shown, ...rest } = search
                    change(actions === shown ? rest : { ...rest, actions })
                  }}
                />
                {search.actions === undefined ? null : (
                  <ActionList days={Number(days)} shown={search.actions} />
                )}
              </Parts>
            ) : (
              <NotTold kind={posture.__typename} title="" message={posture.message} />
            )
          }
        </Show>
      ) : (
        <Empty title="The posture as of an instant cannot be shown.">
          <p className="dim">
            It is counted from the graph of now, which knows when things were said. Each number of a
            past day leads to its findings as they were known then.
          </p>
          <BackToNow />
        </Empty>
      )}
    </section>
  )
}

function Parts({
  posture: { since, trend, timeToTriage, rules, zones, mostBlamed },
  view,
  zone,
  children,
}: {
  readonly posture: Posture
  readonly view: 'picture' | 'table'
  /** Which the days are of; all where absent. */
  readonly zone: string | undefined
  /** What the actions are shown by. */
  readonly children: ReactNode
}) {
  return (
    <div className="posture-parts" tabIndex={0} role="region" aria-label="Posture in numbers">
      <section className="panel posture-wide" aria-labelledby="posture-trend">
        <h2 id="posture-trend">
          Where findings {zone === undefined ? '' : `of the zone ${zone} `}stood at the end of each
          day
        </h2>
        {trend.complete ? null : (
          <p role="alert">
            There are more findings, or words about them, than are counted: these days say too
            little.
          </p>
        )}
        {view === 'table' ? (
          <TrendTable days={trend.days} zone={zone} />
        ) : (
          <TrendPicture days={trend.days} zone={zone} />
        )}
        <p className="dim">
          Open: the evidence holds and nobody had put it aside, hidden ones included. After a
          rebuild, what was found by waiting alone is dated by the rebuild.
        </p>
      </section>
      <section className="panel" aria-labelledby="posture-rules">
        <h2 id="posture-rules">How often rules are wrong</h2>
        <p className="dim">By the reason that people gave when they closed, of all times.</p>
        <RuleTable rules={rules} />
      </section>
      <div className="posture-column">
        {zones.length === 0 ? null : (
          <section className="panel" aria-labelledby="posture-zones">
            <h2 id="posture-zones">By zone</h2>
            <ZoneTable zones={zones} />
          </section>
        )}
        <section className="panel" aria-labelledby="posture-blamed">
          <h2 id="posture-blamed">Choke points</h2>
          <p className="dim">What most of the open findings blame, looked for in the newest 500.</p>
          <BlamedList blamed={mostBlamed} />
        </section>
        <section className="panel" aria-labelledby="posture-unsigned">
          <h2 id="posture-unsigned">Unsigned share</h2>
          {children}
        </section>
        <section className="panel" aria-labelledby="posture-time">
          <h2 id="posture-time">Time to triage</h2>
          <p>
            <TimeToTriage since={since} time={timeToTriage} />
          </p>
        </section>
      </div>
    </div>
  )
}
