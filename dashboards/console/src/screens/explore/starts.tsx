import { useAsk } from '../../api/ask.ts'
import { useAsOf } from '../../app/as-of.ts'
import { Show } from '../../shared/asked.tsx'
import { Icon } from '../../shared/icon.tsx'
import { StateMark } from '../../shared/marks.tsx'
import { counted } from '../../shared/short.ts'
import { Empty } from '../../shared/states.tsx'
import { KNOWN_AGENTS } from './documents.ts'
import type { Subject } from './explore-search.ts'
import { Library } from './library/library.tsx'

/** Where one can begin: a kept question, or an agent that is known. Everything else begins with an id. */
export function Starts({
  explore,
  find,
  setFind,
}: {
  readonly explore: (subject: Subject) => void
  /** What kept questions are looked for by. */
  readonly find: string
  readonly setFind: (find: string) => void
}) {
  const asOf = useAsOf()
  const asked = useAsk(KNOWN_AGENTS, { ...(asOf === undefined ? {} : { asOf }) })
  return (
    <div className="starts">
      <p className="starts-say">
        If somebody held it: what did it reach already, what could it still, and which of that was
        only ever granted to somebody else? Begin with an agent, or with the id of a key, a
        credential, a link or an approval above.
      </p>
      <Library find={find} setFind={setFind} />
      <Show asked={asked} what="the agents">
        {({ coverage: { nodes, totalCount } }) =>
          nodes.length === 0 ? (
            <Empty title="No agent is known.">
              <p className="dim">`npm run delegraph -- doctor` says what arrives.</p>
            </Empty>
          ) : (
            <div className="matrix-scroll panel" tabIndex={0} role="region" aria-label="Agents">
              <table className="matrix">
                <thead>
                  <tr>
                    <th scope="col">Agent</th>
                    <th scope="col">Hops</th>
                    <th scope="col">Evidence</th>
                  </tr>
                </thead>
                <tbody>
                  {nodes.map(({ agent, hops, dark, sentence }) => (
                    <tr key={agent.id}>
                      <th scope="row">
                        <button
                          type="button"
                          className="text-button"
                          title={agent.id}
                          onClick={() => explore({ kind: 'agent', id: agent.id })}
                        >
                          <Icon name="agent" /> {agent.name}
                        </button>
                      </th>
                      <td>{counted(hops.value, 'hop')}</td>
                      <td>
                        {dark === 0 ? null : (
                          <StateMark word={{ text: `${dark} dark`, tone: 'gap' }} />
                        )}{' '}
                        {sentence}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {totalCount.value > nodes.length ? (
                <p className="dim starts-more">
                  The first {nodes.length} of {totalCount.value}, by id. The others by their id.
                </p>
              ) : null}
            </div>
          )
        }
      </Show>
    </div>
  )
}
