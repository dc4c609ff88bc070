export type { SubscriptionCount } from './context.ts'
export { type ApiHandler, type ApiSettings, createApi, createApiSchema } from './create-api.ts'
export { type ApiEvents, createEventBus, type EventBus } from './event-bus.ts'
export { EXAMPLE as EXAMPLE_QUERY } from './landing.ts'
