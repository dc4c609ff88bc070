import { Link } from '@tanstack/react-router'
import { StateMark } from '../../../shared/marks.tsx'
import { atLeast } from '../../../shared/short.ts'
import type { InboxSearch } from '../inbox-search.ts'
import type { ZonePosture } from './documents.ts'

const COLUMNS = [
  ['open', 'Open', {}],
  ['accepted', 'Accepted', { tab: 'accepted' }],
  ['closed', 'Closed', { tab: 'closed' }],
] as const satisfies readonly (readonly [keyof ZonePosture, string, InboxSearch])[]

/** How findings stand in what is critical; each number leads to its findings. */
export function ZoneTable({ zones }: { readonly zones: readonly ZonePosture[] }) {
  return (
    <table className="matrix">
      <thead>
        <tr>
          <th scope="col">Zone</th>
          {COLUMNS.map(([name, head]) => (
            <th key={name} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {zones.map((posture) => {
          const { zone, complete } = posture
          return (
            <tr key={zone.name}>
              <th scope="row">
                {zone.name}
                <div className="dim">criticality {zone.criticality} of 5</div>
                {complete ? null : (
                  <StateMark
                    word={{ text: 'not all of its tools and resources were counted', tone: 'gap' }}
                  />
                )}
              </th>
              {COLUMNS.map(([name, , tab]) => (
                <td key={name}>
                  <Link to="/findings" search={{ ...tab, zone: [zone.name] }}>
                    {atLeast(posture[name])}
                  </Link>
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
