import { keyTable, MOVES } from '../../shared/keys.ts'

/** Of the picture; the table moves by rows of its own. */
export const REACH_KEYS = keyTable('Facts that are reached', {
  ...MOVES,
  letGo: { keys: ['Escape'], does: 'close the inspector' },
})

export const REACH_TABLE_KEYS = keyTable('Rows of the table', MOVES)
