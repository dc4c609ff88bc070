/** The check at request time, for the owner of a service that agents call. */
export type { ServiceKey } from '../act/served-receipt.ts'
export {
  type CollectorLinkStoreConfig,
  collectorLinkStore,
  firstOf,
  type LinkStore,
  type LinkTexts,
  memoryLinkStore,
} from '../carriage/link-store.ts'
export {
  type Presentation,
  type PresentationFault,
  readPresentation,
} from '../carriage/presentation.ts'
export type { ResolveBudget } from '../carriage/resolve.ts'
export type { GuardConfig } from './config.ts'
export type { DecisionRequest } from './decision-request.ts'
export { createGuard, type Guard } from './guard.ts'
export type { GuardPolicy } from './policy.ts'
export type { CedarPolicy } from './policy-cedar.ts'
export type { PointPolicy } from './policy-point.ts'
export type { PolicyResult } from './policy-result.ts'
export type { GuardResult, NotChecked } from './result.ts'
export { memoryUseStore, type Use, type UseStore } from './uses.ts'
