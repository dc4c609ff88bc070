import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { Loading } from '../../../shared/states.tsx'
import './runbook.css'

const RulePage = lazy(() => import('./rule-pages.tsx'))

const route = getRouteApi('/findings')

/** The page of the rule, from the documents, folded until somebody wants it; whether it is open is in the URL. */
export function Runbook({
  rule,
  ruleName,
}: {
  readonly rule: string
  readonly ruleName: string | null
}) {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/findings' })
  const isOpen = search.runbook === 'open'
  const turn = (): void => {
    const { runbook: _, ...rest } = search
    void navigate({ search: isOpen ? rest : { ...rest, runbook: 'open' }, replace: true })
  }
  return (
    <section className="panel-section runbook">
      <h3>
        <button type="button" className="runbook-fold" aria-expanded={isOpen} onClick={turn}>
          Runbook: what {rule} {ruleName ?? ''} means, and what to do
        </button>
      </h3>
      {isOpen ? (
        <Suspense fallback={<Loading what="the runbook" />}>
          <RulePage rule={rule} />
        </Suspense>
      ) : null}
    </section>
  )
}
