import type { Meter } from '@opentelemetry/api'
import { RATE_REASONS, type RateReason } from '../api/limits/rate.ts'

/** Counts who was told to come again later. */
export function rateMetrics(meter: Meter): (reason: RateReason) => void {
  const refused = meter.createCounter('delegraph_api_rate_limited', {
    description: 'GraphQL requests answered with RATE_LIMITED, by what was used up',
  })
  // From the beginning, or the first refusal would be no increase.
  for (const reason of RATE_REASONS) refused.add(0, { reason })
  return (reason) => refused.add(1, { reason })
}
