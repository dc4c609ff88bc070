import { type DashboardSpec, HERE } from './panels.ts'

export const FINDINGS: DashboardSpec = {
  uid: 'delegraph-findings',
  title: 'Findings',
  description: 'What is open, what is new, and whether those who must know were told.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'stat',
          title: 'Open, high or critical',
          description: 'Findings that hold now and are grave.',
          queries: [
            {
              expr: `sum(delegraph_findings_open{${HERE}, severity=~"high|critical"}) or vector(0)`,
              legend: 'grave',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Open',
          description: 'All of them, notes included.',
          queries: [{ expr: `sum(delegraph_findings_open{${HERE}}) or vector(0)`, legend: 'open' }],
        },
        {
          kind: 'stat',
          title: 'Opened in 24 hours',
          description: 'New ones; one that was withdrawn and came back counts too.',
          queries: [
            {
              expr: `sum(increase(delegraph_finding_changes_total{${HERE}, change=~"opened|reopened"}[24h])) or vector(0)`,
              legend: 'opened',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Alerts given up',
          description: 'Refused by their receiver for good. Nobody was told by that channel.',
          queries: [
            {
              expr: `sum(delegraph_alerts_standing{${HERE}, state="dead"}) or vector(0)`,
              legend: 'dead',
            },
          ],
        },
      ],
    },
    {
      title: 'Open',
      panels: [
        {
          kind: 'time',
          title: 'By severity',
          description: 'A line that only rises says that nobody closes anything.',
          queries: [
            {
              expr: `sum by (severity) (delegraph_findings_open{${HERE}})`,
              legend: '{{severity}}',
            },
          ],
        },
        {
          kind: 'bars',
          title: 'By rule',
          description: 'D1 to D16: docs/rules has a page for each.',
          queries: [
            {
              expr: `sort_desc(sum by (rule) (delegraph_findings_open{${HERE}}) > 0)`,
              legend: '{{rule}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Waiting for somebody',
      panels: [
        {
          kind: 'time',
          title: 'Oldest that nobody has looked at, by severity',
          description: 'Its age. No line: nothing of that severity waits.',
          unit: 's',
          queries: [
            {
              expr: `max by (severity) (delegraph_findings_oldest_untriaged_seconds{${HERE}})`,
              legend: '{{severity}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Time to the first word',
          description:
            'Median of 30 days, from a finding to when somebody acknowledged it or said more. No line: nothing was said.',
          unit: 's',
          queries: [
            {
              expr: `max(delegraph_time_to_triage_median_seconds{${HERE}})`,
              legend: 'median',
            },
          ],
        },
      ],
    },
    {
      title: 'Changes',
      panels: [
        {
          kind: 'time',
          title: 'Opened, by rule',
          description: 'In each hour, also those that came back.',
          queries: [
            {
              expr: `sum by (rule) (increase(delegraph_finding_changes_total{${HERE}, change=~"opened|reopened"}[1h])) > 0`,
              legend: '{{rule}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Opened against withdrawn',
          description:
            'A finding is withdrawn when evidence that was missing arrives. Many mean that evidence comes late: compare with pendingWindow.',
          queries: [
            {
              expr: `sum by (change) (increase(delegraph_finding_changes_total{${HERE}}[1h]))`,
              legend: '{{change}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Alerts',
      panels: [
        {
          kind: 'time',
          title: 'Done with, by channel',
          description: 'delivered, suppressed (counted in one message), dead (given up).',
          queries: [
            {
              expr: `sum by (channel, outcome) (increase(delegraph_alerts_total{${HERE}}[1h]))`,
              legend: '{{channel}} {{outcome}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Standing, by channel',
          description: 'owed: still to be sent. held: waits to be counted. dead: given up.',
          queries: [
            {
              expr: `sum by (channel, state) (delegraph_alerts_standing{${HERE}})`,
              legend: '{{channel}} {{state}}',
            },
          ],
        },
      ],
    },
  ],
}
