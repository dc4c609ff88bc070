import { z } from 'zod'

/** What is deployed, and the limits that links put on it. */
export const STAGING = { env: 'staging' } as const
export const ENV = z.object({ env: z.string() })
export const TO_STAGING = { env: { constraint_type: 'exact', value: 'staging' } } as const
export const ANY_STATUS = { env: { constraint_type: 'wildcard' } } as const
