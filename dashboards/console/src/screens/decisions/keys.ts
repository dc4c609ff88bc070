import { keyTable, MOVES } from '../../shared/keys.ts'

export const DECISION_KEYS = keyTable('Decisions', {
  ...MOVES,
  letGo: { keys: ['Escape'], does: 'close the panel' },
})
