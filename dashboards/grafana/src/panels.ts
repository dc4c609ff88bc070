import { PanelBuilder as BarPanel } from '@grafana/grafana-foundation-sdk/bargauge'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel as PanelModel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimePanel } from '@grafana/grafana-foundation-sdk/timeseries'

/** One line of a panel: a PromQL expression and what it is called in the legend. */
export interface Query {
  readonly expr: string
  readonly legend: string
}

/** What a panel shows. Sizes are of a grid 24 wide. */
export interface PanelSpec {
  readonly kind: 'time' | 'stat' | 'bars'
  readonly title: string
  /** What it means and when to worry, for whoever opens it at night. */
  readonly description: string
  readonly unit?: 'short' | 's' | 'bytes' | 'Bps' | 'reqps' | 'percentunit' | 'cps'
  readonly queries: readonly Query[]
  readonly wide?: true
}

export interface RowSpec {
  readonly title: string
  readonly panels: readonly PanelSpec[]
}

export interface DashboardSpec {
  /** Also the name of the file. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: readonly RowSpec[]
}

/** The instances that the dashboard's variable selects; for every expression. */
export const HERE = 'instance=~"$instance"'

const SOURCE = { type: 'prometheus', uid: '$datasource' }
const STAT = { height: 4, span: 6 }
const GRAPH = { height: 8, span: 12 }
const WIDE = 24

/** The dashboard as Grafana imports it; the data source and the instance are chosen at the top. */
export function dashboardJson({ uid, title, description, rows }: DashboardSpec): string {
  const dashboard = new DashboardBuilder(`Delegraph / ${title}`)
    .uid(uid)
    .description(description)
    .tags(['delegraph'])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .readonly()
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    )
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Collector')
        .query('label_values(delegraph_build_info, instance)')
        .datasource(SOURCE)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .includeAll(true)
        .allValue('.+')
        .multi(true),
    )
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title))
    for (const spec of row.panels) dashboard.withPanel(panel(spec))
  }
  return `${JSON.stringify(dashboard.build(), null, 2)}\n`
}

function panel(spec: PanelSpec): Builder<PanelModel> {
  const { kind, title, description, unit = 'short', queries, wide } = spec
  const made = { time: () => timePanel(), stat: () => statPanel(), bars: () => barPanel() }[kind]()
  made.title(title).description(description).unit(unit).datasource(SOURCE)
  if (wide === true) made.span(WIDE)
  for (const { expr, legend } of queries) {
    made.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend))
  }
  return made
}

function timePanel() {
  return new TimePanel().height(GRAPH.height).span(GRAPH.span).min(0).fillOpacity(8)
}

function statPanel() {
  return new StatPanel().height(STAT.height).span(STAT.span)
}

function barPanel() {
  return new BarPanel().height(GRAPH.height).span(GRAPH.span).min(0)
}
