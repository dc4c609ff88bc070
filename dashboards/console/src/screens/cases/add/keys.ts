import { keyTable } from '../../../shared/keys.ts'

export const CASE_KEYS = keyTable('Cases', {
  add: { keys: ['c'], does: 'add to a case' },
})
