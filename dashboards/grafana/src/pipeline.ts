import { type DashboardSpec, HERE } from './panels.ts'

export const PIPELINE: DashboardSpec = {
  uid: 'delegraph-pipeline',
  title: 'Pipeline',
  description:
    'Whether evidence comes in, is durable, reaches the graph, and whether alerts go out.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'stat',
          title: 'Behind',
          description:
            'Age of the oldest record that is not in the graph. Seconds are fine, minutes are not.',
          unit: 's',
          queries: [{ expr: `max(delegraph_projection_lag_seconds{${HERE}})`, legend: 'lag' }],
        },
        {
          kind: 'stat',
          title: 'Refused in 5 minutes',
          description:
            'Requests that were told to come again, or not to. Senders retry 429 and 503.',
          queries: [
            {
              expr: `sum(increase(delegraph_ingest_refused_total{${HERE}}[5m]))`,
              legend: 'refused',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Alerts owed',
          description:
            'Messages that a receiver has not taken yet. It should fall back to nothing.',
          queries: [
            { expr: `sum(delegraph_alerts_standing{${HERE}, state="owed"})`, legend: 'owed' },
          ],
        },
        {
          kind: 'stat',
          title: 'Journal unwritable',
          description: '1 or more: nothing is acknowledged. Look at the disk.',
          queries: [{ expr: `sum(delegraph_journal_unwritable{${HERE}})`, legend: 'collectors' }],
        },
      ],
    },
    {
      title: 'In',
      panels: [
        {
          kind: 'time',
          title: 'Bodies',
          description: 'OTLP bodies that are in the journal, by signal.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (signal) (rate(delegraph_ingest_bodies_total{${HERE}}[$__rate_interval]))`,
              legend: '{{signal}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Bytes',
          description: 'As they came over the wire.',
          unit: 'Bps',
          queries: [
            {
              expr: `sum by (signal) (rate(delegraph_ingest_bytes_total{${HERE}}[$__rate_interval]))`,
              legend: '{{signal}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Refused, by reason',
          description:
            'slow_down: the graph is behind or too much comes at once. not_durable: the disk refused. malformed: the sender writes no OTLP.',
          unit: 'reqps',
          queries: [
            {
              expr: `sum by (reason) (rate(delegraph_ingest_refused_total{${HERE}}[$__rate_interval]))`,
              legend: '{{reason}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Time to the answer',
          description: 'From the head of a request to its answer; the sync of the disk is in it.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.5, sum by (le) (rate(delegraph_ingest_request_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p50',
            },
            {
              expr: `histogram_quantile(0.99, sum by (le) (rate(delegraph_ingest_request_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p99',
            },
          ],
        },
      ],
    },
    {
      title: 'To the graph',
      panels: [
        {
          kind: 'time',
          title: 'Lag in records',
          description: 'Beyond 20,000 senders are asked to slow down.',
          queries: [{ expr: `delegraph_projection_lag_records{${HERE}}`, legend: '{{instance}}' }],
        },
        {
          kind: 'time',
          title: 'From received to judged',
          description: 'Also what a finding waits for before it can be raised.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.5, sum by (le) (rate(delegraph_received_to_graph_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p50',
            },
            {
              expr: `histogram_quantile(0.99, sum by (le) (rate(delegraph_received_to_graph_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p99',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Time of a graph write',
          description: 'p99, by outcome. A failed write is tried again; nothing is lost.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (le, outcome) (rate(delegraph_graph_write_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: '{{outcome}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Rows written, failures',
          description: 'Failures: the store is away, or evidence cannot be read or judged.',
          unit: 'cps',
          queries: [
            {
              expr: `sum(rate(delegraph_graph_rows_written_total{${HERE}}[$__rate_interval]))`,
              legend: 'rows',
            },
            {
              expr: `sum(rate(delegraph_projection_failures_total{${HERE}}[$__rate_interval]))`,
              legend: 'failures',
            },
          ],
        },
      ],
    },
    {
      title: 'Journal and alerts',
      panels: [
        {
          kind: 'time',
          title: 'Journal on disk',
          description: 'Bytes of the records. Compare it with the room that is left.',
          unit: 'bytes',
          queries: [{ expr: `delegraph_journal_bytes{${HERE}}`, legend: '{{instance}}' }],
        },
        {
          kind: 'time',
          title: 'Trimmed',
          description:
            'Bytes of bodies that were older than they have to be kept, a day at a time.',
          unit: 'bytes',
          queries: [
            {
              expr: `increase(delegraph_retention_trimmed_bytes_total{${HERE}}[1d])`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Syncs and records',
          description:
            'Appends that wait share one sync: under load there are fewer syncs than records.',
          unit: 'cps',
          queries: [
            {
              expr: `sum(rate(delegraph_journal_syncs_total{${HERE}}[$__rate_interval]))`,
              legend: 'syncs',
            },
            { expr: `sum(deriv(delegraph_journal_records{${HERE}}[10m]))`, legend: 'records' },
          ],
        },
        {
          kind: 'time',
          title: 'Attempts to deliver',
          description: 'By channel and result: later means that the receiver was away or busy.',
          unit: 'cps',
          queries: [
            {
              expr: `sum by (channel, result) (rate(delegraph_alert_attempts_total{${HERE}}[$__rate_interval]))`,
              legend: '{{channel}} {{result}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Time of an attempt',
          description: 'p99 by channel: a slow receiver delays only its own.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.99, sum by (le, channel) (rate(delegraph_alert_attempt_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: '{{channel}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Process',
      panels: [
        {
          kind: 'time',
          title: 'CPU',
          description: 'Cores in use, all threads.',
          queries: [
            {
              expr: `rate(process_cpu_seconds_total{${HERE}}[$__rate_interval])`,
              legend: '{{instance}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Memory',
          description: 'Held by the process, and heap in use.',
          unit: 'bytes',
          queries: [
            { expr: `process_resident_memory_bytes{${HERE}}`, legend: 'held {{instance}}' },
            { expr: `nodejs_heap_used_bytes{${HERE}}`, legend: 'heap {{instance}}' },
          ],
        },
        {
          kind: 'time',
          title: 'Event loop',
          description: '99th percentile of how late it was. Above 0.1 s answers are slow.',
          unit: 's',
          queries: [{ expr: `nodejs_eventloop_delay_seconds{${HERE}}`, legend: '{{instance}}' }],
        },
        {
          kind: 'time',
          title: 'Subscriptions, age',
          description: 'Who listens to findings; hours since the process began.',
          queries: [
            { expr: `sum(delegraph_subscriptions_open{${HERE}})`, legend: 'subscriptions' },
            {
              expr: `(time() - process_start_time_seconds{${HERE}}) / 3600`,
              legend: 'hours {{instance}}',
            },
          ],
        },
      ],
    },
  ],
}
