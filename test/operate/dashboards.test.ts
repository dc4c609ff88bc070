import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EDGE_KINDS, NODE_KINDS } from '@delegraph/graph-schema'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkConfig, haveAlertmanager } from '../../collector/src/alerts/testing/alertmanager.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { DASHBOARDS } from '../../dashboards/grafana/src/index.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { havePrometheus } from '../harness/prometheus.ts'
import { selectorsOf } from '../harness/promql.ts'

const FOLDER = join(import.meta.dirname, '../../dashboards')
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8')

interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

const rules = (
  parse(read('prometheus/rules.yml')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)

/** Series and label names that a live collector has: metrics.test.ts holds the file to a scrape. */
const series = new Map<string, ReadonlySet<string>>([['up', new Set()]])
for (const line of readFileSync(join(import.meta.dirname, 'series.txt'), 'utf8')
  .trim()
  .split('\n')) {
  const [, name = '', type = '', labels = ''] = /^(\S+) (\S+) \{(.*)\}$/.exec(line) ?? []
  const own = labels.split(', ').filter((label) => label !== '')
  if (type !== 'histogram') series.set(name, new Set(own))
  else
    for (const part of ['bucket', 'sum', 'count'])
      series.set(`${name}_${part}`, new Set([...own, 'le']))
}
/** What Prometheus adds to each series that it scrapes. */
const TARGET = ['job', 'instance']

function expectKnown(expression: string, recorded: ReadonlySet<string>): void {
  const selectors = selectorsOf(expression)
  expect(selectors.length, expression).toBeGreaterThan(0)
  for (const { name, labels } of selectors) {
    if (recorded.has(name)) continue
    const known = series.get(name)
    expect(known, `${name} is no series of a collector`).toBeDefined()
    for (const label of labels) expect([...(known ?? []), ...TARGET], expression).toContain(label)
  }
}

const recorded = new Set(rules.flatMap(({ record }) => record ?? []))
const expressions = DASHBOARDS.flatMap(({ uid, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries }) =>
      queries.map(({ expr, legend }) => ({ where: `${uid} ${title}`, expr, legend })),
    ),
  ),
)

describe('the Grafana dashboards', () => {
  it('ask only for series and labels that a collector has', () => {
    expect(expressions.length).toBeGreaterThan(40)
    for (const { expr } of expressions) expectKnown(expr, recorded)
  })

  it('keep to the instances that are chosen, and name in a legend only what the query keeps', () => {
    for (const { where, expr, legend } of expressions) {
      const selectors = selectorsOf(expr)
      for (const { labels } of selectors) expect(labels, where).toContain('instance')
      for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
        const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/)
        const own = selectors.flatMap(({ name }) => [...(series.get(name) ?? []), ...TARGET])
        expect(kept ?? own, where).toContain(label)
      }
    }
  })

  it('say of each panel what it means', () => {
    const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels))
    for (const { title, description } of panels)
      expect(description.length, title).toBeGreaterThan(15)
    expect(new Set(DASHBOARDS.map(({ uid }) => uid)).size).toBe(DASHBOARDS.length)
  })

  it('are refused where an expression is no PromQL or a series is none', () => {
    expect(() => selectorsOf('sum(rate(up[5m])')).toThrow(/no PromQL/)
    expect(() => expectKnown('delegraph_no_such_thing', new Set())).toThrow(/no series/)
    expect(() => expectKnown('delegraph_findings_open{agent="x"}', new Set())).toThrow()
  })
})

describe('the rules for Prometheus', () => {
  it('ask only for series and labels that a collector has', () => {
    expect(rules.length).toBeGreaterThan(15)
    for (const { expr } of rules) expectKnown(expr, recorded)
  })

  it('have a severity, a summary, and a place in the runbook; each has a test', () => {
    const runbook = readFileSync(join(FOLDER, '../docs/operating.md'), 'utf8')
    const tests = read('prometheus/rules_test.yml')
    for (const { alert, record, labels, annotations } of rules) {
      expect(tests).toContain(alert ?? record)
      if (alert === undefined) continue
      expect(labels).toMatchObject({
        service: 'delegraph',
        severity: expect.stringMatching(/^(critical|warning)$/),
      })
      expect(annotations?.['summary']).toBeTruthy()
      expect(annotations?.['runbook_url']).toBe(`docs/operating.md#${alert.toLowerCase()}`)
      expect(runbook).toContain(`### ${alert}\n`)
    }
  })

  it.runIf(havePrometheus())(
    'do in promtool what their tests say; its configurations are valid',
    () => {
      const promtool = (...args: string[]) =>
        spawnSync('promtool', args, { encoding: 'utf8', cwd: join(FOLDER, 'prometheus') })
      for (const args of [
        ['test', 'rules', 'rules_test.yml'],
        ['check', 'config', 'prometheus.yml'],
        // Its token is a file of the container.
        ['check', 'config', '--syntax-only', 'compose.yml'],
      ]) {
        const { status, stdout, stderr } = promtool(...args)
        expect(status, `${stdout}${stderr}`).toBe(0)
      }
    },
  )

  it.runIf(haveAlertmanager())(
    'are routed by an Alertmanager configuration that amtool takes',
    () => {
      expect(checkConfig(join(FOLDER, 'alertmanager/example.yml'))).toMatchObject({ status: 0 })
      const routed = spawnSync(
        'amtool',
        [
          'config',
          'routes',
          'test',
          `--config.file=${join(FOLDER, 'alertmanager/example.yml')}`,
          'service=delegraph',
          'alertname=DelegraphDown',
        ],
        { encoding: 'utf8' },
      )
      expect(routed.stdout.trim()).toBe('platform')
    },
  )
})

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image: string
        readonly ports?: string[]
        readonly volumes?: string[]
        readonly profiles?: string[]
        readonly healthcheck?: object
        readonly depends_on?: Readonly<Record<string, object>>
        readonly command?: string[]
        readonly environment?: Readonly<Record<string, string>>
      }
    >
  >
  readonly volumes: Readonly<Record<string, unknown>>
}

describe('the compose files', () => {
  const files = ['compose.yaml', '../compose.yaml']
  const all = files.map((file) => ({ file, compose: parse(read(file)) as Compose }))

  it('mount only what is there, under volumes that are declared', () => {
    for (const { file, compose } of all) {
      for (const { volumes = [] } of Object.values(compose.services)) {
        for (const volume of volumes) {
          const [from = ''] = volume.split(':')
          if (from.startsWith('.'))
            expect(existsSync(join(FOLDER, file, '..', from)), from).toBe(true)
          else expect(Object.keys(compose.volumes)).toContain(from)
        }
      }
    }
  })

  it('pin every image and publish on loopback only', () => {
    for (const { compose } of all) {
      for (const { image, ports = [] } of Object.values(compose.services)) {
        expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+/)
        for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
      }
    }
  })

  it('have three profiles, and a health check for what others wait for', () => {
    const { services } = parse(read('compose.yaml')) as Compose
    const of = (profile: string) =>
      Object.keys(services).filter((name) => services[name]?.profiles?.includes(profile) === true)
    expect(of('core')).toEqual(['neo4j', 'collector'])
    expect(of('demo')).toEqual(['demo-keys', 'demo'])
    expect(of('observability').sort()).toEqual(['alertmanager', 'grafana', 'jaeger', 'prometheus'])
    for (const { depends_on = {} } of Object.values(services)) {
      for (const [name, condition] of Object.entries(depends_on)) {
        const { healthcheck } = services[name] ?? {}
        expect(condition).toMatchObject(
          healthcheck === undefined
            ? { condition: 'service_completed_successfully' }
            : { condition: 'service_healthy' },
        )
      }
    }
  })

  it('start a collector that asks who comes', async () => {
    const { services } = parse(read('compose.yaml')) as Compose
    const { command = [], environment = {} } = services['collector'] ?? {}
    const file = command.find((word) => word.startsWith('--config='))?.slice('--config='.length)
    // The same configuration on free ports, with the graph that is at hand and a token file that is there.
    using folder = temporaryFolder()
    const token = (name: string) => `${name}-token-of-at-least-32-characters`
    const secret = join(folder.path, 'monitor-token')
    writeFileSync(secret, token('monitor'))
    const own = join(folder.path, 'delegraph.json')
    const text = readFileSync(join(FOLDER, '..', file ?? ''), 'utf8')
    const needs = [...text.matchAll(/"env": "(\w+)"/g)].map(([, name = '']) => name)
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(needs))
    writeFileSync(own, text.replace('/run/secrets/monitor-token', secret))
    const env = Object.fromEntries(needs.map((name) => [name, token(name)]))
    const flags = { config: own, data: folder.path, otlpPort: '0', apiPort: '0' }
    const config = readConfig(flags, env)
    await using collector = await startCollector({ config, env, logger: pino({ level: 'silent' }) })
    const { port } = new URL(collector.operationsUrl)
    const scrape = (bearer: string) =>
      fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${bearer}` } })
    expect((await scrape('nobody')).status).toBe(401)
    expect(await (await scrape(token('monitor'))).text()).toContain('delegraph_ready 1')
    const prometheus = parse(read('prometheus/compose.yml'))
    expect(prometheus.scrape_configs[0].authorization.credentials_file).toBe(
      '/run/secrets/monitor-token',
    )
  })

  it('say of what was never run that it was not', () => {
    expect(read('compose.yaml')).toContain('NEVER RUN')
  })

  it('give Grafana a data source and every dashboard', () => {
    const source = parse(read('grafana/provisioning/datasources/prometheus.yaml'))
    expect(source).toMatchObject({ apiVersion: 1, datasources: [{ type: 'prometheus' }] })
    const provider = parse(read('grafana/provisioning/dashboards/delegraph.yaml'))
    const [{ options }] = provider.providers
    const grafana = all[0]?.compose.services['grafana']
    expect(grafana?.volumes).toContain(`./grafana:${options.path}:ro`)
    const json = readdirSync(join(FOLDER, 'grafana')).filter((name) => name.endsWith('.json'))
    expect(json.sort()).toEqual(DASHBOARDS.map(({ uid }) => `${uid}.json`).sort())
  })
})

describe('the style of Neo4j Browser', () => {
  it('names only what the graph has, and captions that it has', () => {
    const style = read('neo4j/style.grass')
    const nodes = [...style.matchAll(/^node\.(\w+) \{.*caption: "\{(\w+)\}"/gm)]
    expect(nodes.length).toBeGreaterThan(7)
    for (const [, kind = '', column = ''] of nodes) {
      const known: Readonly<Record<string, { readonly columns: object }>> = NODE_KINDS
      expect(Object.keys(known)).toContain(kind)
      expect(Object.keys(known[kind]?.columns ?? {}), kind).toContain(column)
    }
    const edges = [...style.matchAll(/^relationship\.(\w+) \{/gm)].map(([, kind]) => kind)
    expect(edges.length).toBeGreaterThan(4)
    for (const kind of edges) expect(Object.keys(EDGE_KINDS)).toContain(kind)
    // What the Browser reads: blocks of properties, nothing left open.
    const rest = style.replaceAll(/\/\*[\s\S]*?\*\//g, '').trim()
    expect(rest).toMatch(
      /^((node|relationship)(\.\w+)? \{( [a-z-]+: [^;{}]*("\{\w+\}"|"<type>"|[^;{}"]+);)+ \}\s*)+$/,
    )
  })
})
