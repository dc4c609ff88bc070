import { useEffect } from 'react'

/** Names the page in its tab, its bookmark and its history; one screen says it once. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = text === '' ? 'Delegraph' : `${text} · Delegraph`
  }, [text])
}
