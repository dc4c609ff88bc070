import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useRefusal } from '../../../shared/use-refusal.ts'
import type { Taken } from '../use-saying.ts'
import { AddDialog } from './add-dialog.tsx'
import { AddingContext, type ToAdd } from './adding.ts'
import './add.css'

/** Milliseconds for which it is said where something was put. */
const TOLD_FOR = 10_000

/** Lets every row below put what it is about into a case. */
export function AddingProvider({ children }: { readonly children: ReactNode }) {
  const refusal = useRefusal('ANALYST')
  const [what, setWhat] = useState<ToAdd>()
  const [told, setTold] = useState<Taken>()
  useEffect(() => {
    if (told === undefined) return
    const end = setTimeout(() => setTold(undefined), TOLD_FOR)
    return () => clearTimeout(end)
  }, [told])
  const adding = useMemo(() => (refusal === undefined ? setWhat : undefined), [refusal])
  return (
    <AddingContext value={adding}>
      {children}
      {what === undefined ? null : (
        <AddDialog what={what} closed={() => setWhat(undefined)} taken={setTold} />
      )}
      <div className="case-told" role="status">
        {told === undefined ? null : (
          <p>
            Added to{' '}
            <Link to="/cases/$caseId" params={{ caseId: told.id }}>
              {told.title}
            </Link>
          </p>
        )}
      </div>
    </AddingContext>
  )
}
