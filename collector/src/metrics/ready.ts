import type { Meter } from '@opentelemetry/api'

/** What `/readyz` says, as a number: of a collector, or of each of several with its label. */
export interface ReadyState {
  readonly ready: boolean
  readonly labels: Readonly<Record<string, string>>
}

export function readyMetrics(meter: Meter, states: () => Promise<readonly ReadyState[]>): void {
  meter
    .createObservableGauge('delegraph_ready', {
      description: '1 where a collector can do its work; /readyz says what is in its way',
    })
    .addCallback(async (result) => {
      for (const { ready, labels } of await states()) result.observe(Number(ready), labels)
    })
}
