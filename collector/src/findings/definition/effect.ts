import type { ActionCase } from '../rule.ts'

/**
 * Clause E: it happened, and it was not free for all. Denied and failed actions are attempts:
 * recorded and shown, never flagged. An unknown effect stays a finding, which is never paged.
 */
export function effect({ action, registry }: ActionCase): boolean {
  return (action.effect === 'ok' || action.effect === 'unknown') && !registry.isPublic(action.call)
}
