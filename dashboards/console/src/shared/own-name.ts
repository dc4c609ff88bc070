import { useState } from 'react'
import { useViewer } from '../api/use-viewer.ts'

const NAME = 'delegraph.name'
/** Whoever reaches a collector that asks nobody who they are. */
const NOBODY_KNOWN = 'local'

export interface OwnName {
  /** Undefined until the collector has said it. */
  readonly name: string | undefined
  /** Present where the collector knows nobody by name, so that the reader chooses one for this browser. */
  readonly choose?: (name: string) => void
}

/** By which name findings are the reader's own. */
export function useOwnName(): OwnName {
  const viewer = useViewer()
  const [chosen, setChosen] = useState(() => localStorage.getItem(NAME) ?? '')
  if (viewer === undefined) return { name: undefined }
  if (viewer.name !== NOBODY_KNOWN) return { name: viewer.name }
  return {
    name: chosen === '' ? NOBODY_KNOWN : chosen,
    choose: (name) => {
      localStorage.setItem(NAME, name)
      setChosen(name)
    },
  }
}
