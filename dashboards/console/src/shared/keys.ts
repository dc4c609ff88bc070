/** Keys that do one thing, by the names of `KeyboardEvent.key`; `Mod+` is Ctrl, or Command on a Mac. */
export interface KeyEntry {
  readonly keys: readonly string[]
  readonly does: string
}

/** What the keys of one place do. Handlers and help read the same table. */
export interface KeyTable<Action extends string = string> {
  /** Where they work, as the help calls it. */
  readonly where: string
  readonly actions: Readonly<Record<Action, KeyEntry>>
}

export function keyTable<Action extends string>(
  where: string,
  actions: KeyTable<Action>['actions'],
): KeyTable<Action> {
  return { where, actions }
}

/** A key as it was pressed, in the notation of the tables; undefined where Alt makes it somebody else's. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>) {
  if (event.altKey) return undefined
  // Caps Lock changes the letter, and not what is meant.
  return event.ctrlKey || event.metaKey ? `Mod+${event.key.toLowerCase()}` : event.key
}

const LABELS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowRight: '→',
  ArrowLeft: '←',
  Escape: 'Esc',
}

/** A key as people read it. */
export function labelOf(key: string, isMac: boolean): string {
  if (!key.startsWith('Mod+')) return LABELS[key] ?? key
  const letter = key.slice('Mod+'.length).toUpperCase()
  return isMac ? `⌘${letter}` : `Ctrl ${letter}`
}

/** What moves in every list. */
export const MOVES = {
  next: { keys: ['j', 'ArrowDown'], does: 'next' },
  previous: { keys: ['k', 'ArrowUp'], does: 'previous' },
} as const
