import type { Meter } from '@opentelemetry/api'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'

/** Where the collector's instruments are made, and their values as Prometheus reads them. */
export interface MetricsPage {
  readonly meter: Meter
  /** Prometheus text format 0.0.4: names, descriptions, values. */
  scrape(): Promise<string>
}

export const SCRAPE_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * One provider for each collector and none that is global: two collectors in a process keep their
 * numbers apart. The exporter is used as a reader; it opens no port of its own.
 */
export function openMetricsPage(): MetricsPage {
  const reader = new PrometheusExporter({ preventServerStart: true })
  const provider = new MeterProvider({ readers: [reader] })
  // No timestamps, no resource, no scope: the scraper knows when, and which collector it asked.
  const serializer = new PrometheusSerializer('', false, undefined, true, true)
  return {
    meter: provider.getMeter('delegraph'),
    async scrape() {
      // A gauge whose source is away is left out; the others are still told.
      const { resourceMetrics } = await reader.collect()
      return serializer.serialize(resourceMetrics)
    },
  }
}
