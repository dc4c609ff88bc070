import type { GraphQLError } from 'graphql'
import { openBuckets } from '../../access/buckets.ts'
import type { RateSettings } from '../../access/rate-settings.ts'
import type { Viewer } from '../../access/viewer.ts'
import { apiError } from '../errors.ts'

/** What each viewer may still have of the API. Both say after how many seconds to come again, or nothing. */
export interface RateLimits {
  /** One request, or one subscription that is opened. */
  request(viewer: Viewer): number | undefined
  /** So many objects, by the estimate of `costOf`. */
  cost(viewer: Viewer, objects: number): number | undefined
}

/** Why somebody was told to come again later. */
export const RATE_REASONS = ['requests', 'cost', 'strangers'] as const
export type RateReason = (typeof RATE_REASONS)[number]

export function openRateLimits(
  settings: Pick<RateSettings, 'requests' | 'cost'>,
  clock: () => number,
): RateLimits {
  const requests = openBuckets({ perMinute: settings.requests, clock })
  const costs = openBuckets({ perMinute: settings.cost, clock })
  return {
    request: (viewer) => requests.take(keyOf(viewer)),
    cost: (viewer, objects) => costs.take(keyOf(viewer), objects),
  }
}

export function rateLimited(wait: number): GraphQLError {
  return apiError('RATE_LIMITED', `come again in ${wait} s: ${ASKED_MUCH}`, 429)
}

export const ASKED_MUCH = 'you asked for more in a minute than one may'

function keyOf({ tenant, name }: Viewer): string {
  return JSON.stringify([tenant, name])
}
