// Why an action was in order: a grant of its actor, or a yes to this very call.
import type { ActionEvent } from '../eval/format.ts'
import { isApproved } from './approvals.ts'
import type { History } from './history.ts'
import { hasAuth } from './paths.ts'

export const actorHasAuth = (h: History, x: ActionEvent) => hasAuth(h, x.actor, x, x)

export const isAuthorised = (h: History, x: ActionEvent) => actorHasAuth(h, x) || isApproved(h, x)
