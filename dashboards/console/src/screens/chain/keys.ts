import { keyTable, MOVES } from '../../shared/keys.ts'

export const STEP_KEYS = keyTable('Steps of the chain', {
  ...MOVES,
  unfold: { keys: ['Enter'], does: 'unfold a run of hops' },
  letGo: { keys: ['Escape'], does: 'close the inspector' },
})
