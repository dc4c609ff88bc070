import { useEffect, useRef } from 'react'
import { type KeyTable, keyOf } from './keys.ts'
import { offerKeys } from './keys-at-hand.ts'

/**
 * Keys that work anywhere on a screen, but not behind a dialog, and while somebody types into a field only
 * those with Ctrl or Command. What is not acted on here is not offered by the help either.
 */
export function useKeys<Action extends string>(
  table: KeyTable<Action>,
  acts: Readonly<Partial<Record<Action, () => void>>>,
): void {
  const current = useRef(acts)
  current.current = acts
  const acting = Object.keys(acts).join(' ')
  useEffect(() => {
    const all = Object.entries(table.actions) as [Action, KeyTable['actions'][string]][]
    const offered = all.filter(([action]) => acting.split(' ').includes(action))
    const listen = (event: KeyboardEvent): void => {
      const key = keyOf(event)
      if (key === undefined || document.querySelector('dialog:modal') !== null) return
      if (!key.startsWith('Mod+') && isTaken(event.target, key)) return
      const [action] = offered.find(([, { keys }]) => keys.includes(key)) ?? []
      const act = action === undefined ? undefined : current.current[action]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', listen)
    const entries = offered.map(([, entry]) => entry)
    const end = entries.length === 0 ? undefined : offerKeys({ where: table.where, entries })
    return () => {
      end?.()
      window.removeEventListener('keydown', listen)
    }
  }, [table, acting])
}

/** Whether a key belongs to what has the focus: all where somebody types, Enter where something is pressed. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  return ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
    ? !isBox(target)
    : key === 'Enter' && ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName)
}

/** Nothing is typed into a check box. */
function isBox(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && target.type === 'checkbox'
}
