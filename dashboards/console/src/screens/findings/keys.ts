import { keyTable, MOVES } from '../../shared/keys.ts'

export const LIST_KEYS = keyTable('Findings', {
  ...MOVES,
  first: { keys: ['Home'], does: 'first' },
  last: { keys: ['End'], does: 'last' },
  open: { keys: ['o'], does: 'open' },
  unfold: { keys: ['ArrowRight'], does: 'unfold' },
  fold: { keys: ['ArrowLeft'], does: 'fold' },
  select: { keys: ['x'], does: 'select' },
  letGo: { keys: ['Escape'], does: 'let go' },
})

/** They say something of what is selected, or else of the row at the cursor. */
export const TRIAGE_KEYS = keyTable('Triage', {
  assign: { keys: ['a'], does: 'assign' },
  acknowledge: { keys: ['s'], does: 'acknowledge, as seen' },
  close: { keys: ['e'], does: 'close with a reason' },
})
