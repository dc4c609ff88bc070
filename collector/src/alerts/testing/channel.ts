import type { Channel, Delivery } from '../channel.ts'
import { type AlertRoute, routeOf } from '../route.ts'

/** A route that takes everything, by fingerprint. */
export function testRoute(name = 'webhook'): AlertRoute {
  return routeOf({ name, match: {}, groupBy: 'fingerprint' })
}

/** A channel of that route. */
export function testChannel(delivery: Delivery, more: Partial<Channel> = {}): Channel {
  return { ...testRoute(), kind: 'webhook', updates: 'all', ...delivery, ...more }
}
