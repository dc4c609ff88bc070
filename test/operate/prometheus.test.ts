import { describe, expect, it } from 'vitest'
import { DASHBOARDS } from '../../dashboards/grafana/src/index.ts'
import { demoCollector } from '../harness/demo.ts'
import { havePrometheus, startPrometheus } from '../harness/prometheus.ts'

describe.runIf(havePrometheus())('a real Prometheus', () => {
  it('scrapes a collector, evaluates every rule, and answers every question of the dashboards', async () => {
    await using demo = await demoCollector()
    const target = new URL(demo.collector.operationsUrl).host
    await using prometheus = await startPrometheus(target)
    const until = Date.now() + 60_000
    const wait = async (query: string) => {
      for (;;) {
        const answer = await prometheus.ask(query)
        if (answer.length > 0 || Date.now() > until) return answer
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
    }
    expect(await wait('up{job="delegraph"} == 1')).toMatchObject([{ metric: { instance: target } }])
    expect(await wait('delegraph_findings_open{rule="D1", severity="high"}')).toMatchObject([
      { value: [expect.any(Number), '1'] },
    ])
    // A recorded rule, made of what was scraped.
    expect(await wait('instance:delegraph_unsigned_actions:ratio')).toMatchObject([
      { metric: { instance: target }, value: [expect.any(Number), '0'] },
    ])
    const rules = await prometheus.rules()
    expect(rules.length).toBeGreaterThan(15)
    for (const { name, health } of rules) expect(health, name).not.toBe('err')
    for (const { rows } of DASHBOARDS) {
      for (const { expr } of rows.flatMap((row) => row.panels.flatMap((panel) => panel.queries))) {
        const query = expr.replaceAll('$instance', '.+').replaceAll('$__rate_interval', '1m')
        await expect(prometheus.ask(query), query).resolves.toBeInstanceOf(Array)
      }
    }
    const type = (await fetch(`${demo.collector.operationsUrl}/metrics`)).headers.get(
      'content-type',
    )
    expect(type).toContain('version=0.0.4')
  }, 120_000)
})
