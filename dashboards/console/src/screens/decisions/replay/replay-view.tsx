import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useCallback, useState } from 'react'
import { useAsOf } from '../../../app/as-of.ts'
import type { RawSearch } from '../../../shared/search-text.ts'
import { Empty } from '../../../shared/states.tsx'
import { decisionsSearch, filterOf } from '../decisions-search.ts'
import { type Draft, keepDraft, keptDraft } from './draft.ts'
import { ReplayAnswer } from './replay-answer.tsx'
import { ReplayForm } from './replay-form.tsx'
import './replay.css'

const route = getRouteApi('/decisions')

/** A draft of policies, and what it would have answered to what happened. */
export function ReplayView({ switcher }: { readonly switcher: ReactNode }) {
  const asOf = useAsOf()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/decisions' })
  const change = useCallback(
    (part: RawSearch) =>
      void navigate({ search: (before) => decisionsSearch({ ...before, ...part }) }),
    [navigate],
  )
  const [draft, setDraft] = useState(keptDraft)
  const [asked, setAsked] = useState<{ readonly draft: Draft; readonly times: number }>()
  const write = (next: Draft): void => {
    keepDraft(next)
    setDraft(next)
  }
  const question = asked && {
    draft: asked.draft.text,
    last: Number(asked.draft.last),
    filter: filterOf(search),
    ...(asked.draft.against === undefined ? {} : { against: asked.draft.against }),
    ...(asOf === undefined ? {} : { asOf }),
  }
  return (
    <div className="decisions">
      <section className="decisions-main" aria-label="Replay">
        <header className="decisions-head">
          <h1>Decisions</h1>
          {switcher}
          <span className="dim">What other policies would have answered to what happened.</span>
        </header>
        <div className="replay">
          <ReplayForm
            draft={draft}
            write={write}
            policies={search.policy ?? []}
            change={change}
            submit={() => setAsked({ draft, times: (asked?.times ?? 0) + 1 })}
          />
          <div className="replay-answer">
            {question === undefined ? (
              <Empty title="Nothing was replayed yet.">
                <p className="dim">
                  Nothing is enforced by this. The collector asks the draft about the newest calls
                  that it knows, and shows which answers would be others.
                </p>
              </Empty>
            ) : (
              <ReplayAnswer
                key={`${asked?.times} ${JSON.stringify(question)}`}
                question={question}
                only={search.change}
                change={change}
              />
            )}
          </div>
        </div>
      </section>
    </div>
  )
}
