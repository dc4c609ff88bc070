import { SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTitle } from '../../shared/use-title.ts'
import { DecisionLog } from './decision-log.tsx'
import './decisions.css'
import { decisionsSearch } from './decisions-search.ts'
import { ReplayView } from './replay/replay-view.tsx'

const route = getRouteApi('/decisions')

/** S6: what policy decision points said, and what other policies would have said. */
export function DecisionsScreen() {
  const search = route.useSearch()
  useTitle(search.show === 'replay' ? 'Replay of decisions' : 'Decisions')
  const navigate = useNavigate({ from: '/decisions' })
  const switcher = (
    <SegmentedControl
      size="xs"
      aria-label="What is shown"
      data={[
        { value: 'log', label: 'Log' },
        { value: 'replay', label: 'Replay' },
      ]}
      value={search.show ?? 'log'}
      onChange={(show) =>
        void navigate({
          search: (before) =>
            decisionsSearch({ ...before, show: show === 'replay' ? show : '', decision: '' }),
        })
      }
    />
  )
  return search.show === 'replay' ? (
    <ReplayView switcher={switcher} />
  ) : (
    <DecisionLog switcher={switcher} />
  )
}
