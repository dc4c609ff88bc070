import { keyTable, MOVES } from '../../shared/keys.ts'

/** Of the picture; the table moves by rows of its own. */
export const REACH_KEYS = keyTable('Facts that are reached', {
  ...MOVES,
  letGo: { keys: ['Escape'], does: 'close the inspector' },
})

export const REACH_TABLE_KEYS = keyTable('Rows of the table', MOVES)

/** Of the fact that is selected; the menu of the other button and the inspector ask the same. */
export const FACT_KEYS = keyTable('The fact that is selected', {
  explore: { keys: ['o'], does: 'explore from it' },
  paths: { keys: ['p'], does: 'paths to it' },
  reached: { keys: ['r'], does: 'who could reach it' },
  avoid: { keys: ['v'], does: 'avoid it' },
})
