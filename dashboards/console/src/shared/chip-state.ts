/** What became of one tool at one step. */
export type ChipState =
  | 'granted'
  | 'kept'
  | 'narrowed'
  | 'dropped'
  | 'appeared'
  | 'widened'
  | 'unproven'
  | 'ended'
  | 'used'
  | 'unclear'
