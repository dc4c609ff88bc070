import { type DashboardSpec, HERE } from './panels.ts'

export const DELEGATION: DashboardSpec = {
  uid: 'delegraph-delegation',
  title: 'Delegation health',
  description: 'Whether links and what belongs to them verify, and whose keys that rests on.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'stat',
          title: 'Links that do not hold',
          description:
            'Share of the links judged in the last hour, also again, whose outcome is not ok.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(increase(delegraph_judgements_total{${HERE}, kind="link", outcome!="ok"}[1h])) / sum(increase(delegraph_judgements_total{${HERE}, kind="link"}[1h]))`,
              legend: 'share',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Verifications per second',
          description: 'Links that the memo did not know: a signature each.',
          unit: 'cps',
          queries: [
            {
              expr: `sum(rate(delegraph_link_verification_seconds_count{${HERE}}[5m]))`,
              legend: 'links',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Sources of keys that do not answer',
          description:
            'Their keys stay as they were; a withdrawn one stays trusted until they answer.',
          queries: [
            {
              expr: `count(delegraph_trust_source_up{${HERE}} == 0) or vector(0)`,
              legend: 'sources',
            },
          ],
        },
        {
          kind: 'stat',
          title: 'Status lists that do not answer',
          description: 'Whether a link was taken back is unknown where its list is not had.',
          queries: [
            { expr: `sum(delegraph_status_lists{${HERE}, answered="no"})`, legend: 'lists' },
          ],
        },
      ],
    },
    {
      title: 'Judgements',
      panels: [
        {
          kind: 'bars',
          title: 'Newest links, by depth',
          description:
            'Of the newest 1,000: 0 is what a principal gave, each hop one more. Long chains are hard to follow and easy to ride on.',
          queries: [
            {
              expr: `sum by (depth) (delegraph_recent_links{${HERE}})`,
              legend: 'depth {{depth}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Links, by outcome',
          description: 'Also made again: a link is judged again when something above it arrives.',
          unit: 'cps',
          queries: [
            {
              expr: `sum by (outcome) (rate(delegraph_judgements_total{${HERE}, kind="link"}[$__rate_interval]))`,
              legend: '{{outcome}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Artefacts, by kind',
          description: 'Approvals, decisions, revocations, credentials, identities, status lists.',
          unit: 'cps',
          queries: [
            {
              expr: `sum by (kind) (rate(delegraph_judgements_total{${HERE}, kind!="link"}[$__rate_interval]))`,
              legend: '{{kind}}',
            },
          ],
        },
        {
          kind: 'bars',
          title: 'Why it does not hold, last 24 hours',
          description:
            'Codes are those of docs/vocabulary.md. unknown: something was missing to judge it.',
          wide: true,
          queries: [
            {
              expr: `topk(15, sum by (kind, outcome, code) (increase(delegraph_judgements_total{${HERE}, outcome!="ok"}[24h])))`,
              legend: '{{kind}} {{outcome}} {{code}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Cost',
      panels: [
        {
          kind: 'time',
          title: 'Time to verify a link',
          description: 'One that the memo did not know: form, key, signature, claims, narrowing.',
          unit: 's',
          queries: [
            {
              expr: `histogram_quantile(0.5, sum by (le) (rate(delegraph_link_verification_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p50',
            },
            {
              expr: `histogram_quantile(0.99, sum by (le) (rate(delegraph_link_verification_seconds_bucket{${HERE}}[$__rate_interval])))`,
              legend: 'p99',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Known to the memo',
          description: 'A known link costs a look-up and no signature.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(rate(delegraph_link_memo_lookups_total{${HERE}, result="hit"}[$__rate_interval])) / sum(rate(delegraph_link_memo_lookups_total{${HERE}}[$__rate_interval]))`,
              legend: 'hits',
            },
          ],
        },
      ],
    },
    {
      title: 'Keys and revocation',
      panels: [
        {
          kind: 'time',
          title: 'Age of the last answer, by source',
          description: 'A source is asked again within the hour; more than a day is worth a look.',
          unit: 's',
          queries: [{ expr: `delegraph_trust_source_age_seconds{${HERE}}`, legend: '{{source}}' }],
        },
        {
          kind: 'time',
          title: 'Keys, by source',
          description: 'Keys of use. None: nobody of that source is trusted.',
          queries: [{ expr: `delegraph_trust_source_keys{${HERE}}`, legend: '{{source}}' }],
        },
        {
          kind: 'time',
          title: 'Status lists',
          description: 'Lists that links name, by whether the last question was answered.',
          queries: [
            {
              expr: `sum by (answered) (delegraph_status_lists{${HERE}})`,
              legend: 'answered: {{answered}}',
            },
          ],
        },
        {
          kind: 'time',
          title: 'Oldest answer in use',
          description: 'Time since it was asked for.',
          unit: 's',
          queries: [
            {
              expr: `max(delegraph_status_list_oldest_age_seconds{${HERE}})`,
              legend: 'oldest',
            },
          ],
        },
      ],
    },
  ],
}
