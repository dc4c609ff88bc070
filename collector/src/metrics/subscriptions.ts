import type { Meter } from '@opentelemetry/api'

/** How many listen to findings as they come. */
export function subscriptionMetrics(meter: Meter, count: { readonly open: number }): void {
  meter
    .createObservableGauge('delegraph_subscriptions_open', {
      description: 'GraphQL subscriptions that are open',
    })
    .addCallback((result) => result.observe(count.open))
}
