import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Meter } from '@opentelemetry/api'
import { VERSION } from '../version.ts'

const NANOSECONDS = 1e9

/**
 * What every process says of itself, under the names that Prometheus clients use, and which kind of
 * graph store it has.
 */
export function processMetrics(meter: Meter, store: string): Disposable {
  const about = { version: VERSION, node: process.version, store }
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const started = Date.now() / 1000 - process.uptime()
  const gauge = (name: string, description: string, value: () => number): void =>
    meter
      .createObservableGauge(name, { description })
      .addCallback((result) => result.observe(value()))
  meter
    .createObservableCounter('process_cpu_seconds', {
      description: 'User and system time of all threads',
    })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage()
      result.observe((user + system) / 1e6)
    })
  gauge('process_start_time_seconds', 'When the process began, Unix time', () => started)
  gauge('process_resident_memory_bytes', 'Memory held', () => process.memoryUsage.rss())
  gauge('nodejs_heap_used_bytes', 'Heap in use', () => process.memoryUsage().heapUsed)
  gauge(
    'nodejs_eventloop_delay_seconds',
    '99th percentile of how late the event loop was since the last scrape',
    () => {
      const late = delay.percentile(99) / NANOSECONDS
      delay.reset()
      return Number.isFinite(late) ? late : 0
    },
  )
  meter
    .createObservableGauge('delegraph_build_info', {
      description: '1, with the version of Delegraph, of Node.js and the kind of graph store',
    })
    .addCallback((result) => result.observe(1, about))
  return { [Symbol.dispose]: () => delay.disable() }
}
