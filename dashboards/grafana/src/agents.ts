import { type DashboardSpec, HERE } from './panels.ts'

export const AGENTS: DashboardSpec = {
  uid: 'delegraph-agents',
  title: 'Agents and coverage',
  description:
    'How much of what agents do is signed for. Which agent it is, is never a label: ask the graph (dashboards/questions, GraphQL).',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'stat',
          title: 'Unsigned share',
          description:
            'Of the newest 1,000 actions: those that only somebody’s word stands behind.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(delegraph_recent_actions{${HERE}, grade=~"asserted|observed"}) / sum(delegraph_recent_actions{${HERE}})`,
              legend: 'unsigned',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Proven share',
          description: 'Those with a receipt signed by the key of the agent that acted.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(delegraph_recent_actions{${HERE}, grade="proven"}) / sum(delegraph_recent_actions{${HERE}})`,
              legend: 'proven',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Agents that sign',
          description: 'Of the agents of these actions.',
          queries: [
            { expr: `sum(delegraph_recent_agents{${HERE}, signed="yes"})`, legend: 'agents' },
          ],
        },
        {
          kind: 'stat',
          title: 'Agents that never do',
          description: 'Nobody instrumented them, or their links are missing.',
          queries: [
            { expr: `sum(delegraph_recent_agents{${HERE}, signed="no"})`, legend: 'agents' },
          ],
        },
      ],
    },
    {
      title: 'Coverage',
      panels: [
        {
          kind: 'time',
          title: 'Newest actions, by grade',
          description:
            'proven, signed, asserted, observed; the last are spans of agents that nobody instrumented.',
          queries: [
            {
              expr: `sum by (grade) (delegraph_recent_actions{${HERE}})`,
              legend: '{{grade}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Agents, by whether they sign',
          description: 'Over the same actions.',
          queries: [
            {
              expr: `sum by (signed) (delegraph_recent_agents{${HERE}})`,
              legend: 'signed: {{signed}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Evidence, by kind',
          description:
            'Items read from the journal. Spans without receipts are actions that nobody signed for.',
          unit: 'cps',
          wide: true,
          queries: [
            {
              expr: `sum by (kind) (rate(delegraph_evidence_items_total{${HERE}}[$__rate_interval]))`,
              legend: '{{kind}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Rules about agents',
      panels: [
        {
          kind: 'bars',
          title: 'Open, inheritance',
          description: 'D1, D3 to D7, D14: an agent did what was given to somebody else.',
          queries: [
            {
              expr: `sum by (rule) (delegraph_findings_open{${HERE}, rule=~"D1|D3|D4|D5|D6|D7|D14"}) > 0`,
              legend: '{{rule}}',
            },
          ],
        },
        {
          kind: 'bars',
          title: 'Open, weaknesses',
          description:
            'D8, D12, D16: hops that nobody checks, chains without a root, rights that agents gave themselves.',
          queries: [
            {
              expr: `sum by (rule) (delegraph_findings_open{${HERE}, rule=~"D8|D12|D16"}) > 0`,
              legend: '{{rule}}',
            },
          ],
        },
      ],
    },
  ],
}
