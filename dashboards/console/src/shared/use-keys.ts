import { useEffect, useRef } from 'react'

/** The name of a key, as `KeyboardEvent.key` has it, and what it does. */
export type KeyAction = readonly [key: string, act: () => void]

/**
 * Keys that work anywhere on a screen but while somebody types into a field. Keys with a modifier are left
 * to the browser.
 */
export function useKeys(keys: readonly KeyAction[]): void {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const act = current.current.find(([key]) => key === event.key)?.[1]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}
