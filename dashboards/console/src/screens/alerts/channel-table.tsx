import { Button } from '@mantine/core'
import { Instant } from '../../shared/instant.tsx'
import { StateMark } from '../../shared/marks.tsx'
import type { ChannelRow } from './documents.ts'
import { useTest } from './use-test.ts'

/** The channels of the configuration: whether each works, and a test of it. */
export function ChannelTable({
  channels,
  refusal,
}: {
  readonly channels: readonly ChannelRow[]
  /** Why the reader may not send a test. */
  readonly refusal: string | undefined
}) {
  const test = useTest()
  return (
    <>
      <div className="alerts-scroll">
        <table className="matrix">
          <thead>
            <tr>
              <th scope="col">Channel</th>
              <th scope="col">Kind</th>
              <th scope="col">State</th>
              <th scope="col">
                <span className="visually-hidden">Test it</span>
              </th>
              <th scope="col">Owed</th>
              <th scope="col">Given up</th>
              <th scope="col">Last delivery</th>
              <th scope="col">Last error</th>
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => {
              const { name, kind, owed, held, dead, lastDelivery, lastError, lastErrorAt } = channel
              return (
                <tr key={name} data-channel={name}>
                  <th scope="row">{name}</th>
                  <td>{kind}</td>
                  <td>
                    <StateMark word={standing(channel)} />
                  </td>
                  <td>
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={refusal !== undefined || test.busy !== undefined}
                      loading={test.busy === name}
                      title={refusal ?? 'Sends a finding that says that it is a test, and its end'}
                      onClick={() => void test.run(name)}
                    >
                      Send a test
                    </Button>
                  </td>
                  <td>{held === 0 ? owed : `${owed} and ${held} held back`}</td>
                  <td>{dead}</td>
                  <td>{lastDelivery === null ? 'none yet' : <Instant at={lastDelivery} />}</td>
                  <td className="alerts-words">
                    {lastErrorAt === null ? (
                      'none'
                    ) : (
                      <>
                        <Instant at={lastErrorAt} />: {lastError}
                      </>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {test.told === undefined ? null : (
        <p role={test.told.worked ? 'status' : 'alert'}>
          <StateMark
            word={
              test.told.worked
                ? { text: 'works', tone: 'good' }
                : { text: 'does not work', tone: 'bad' }
            }
          />{' '}
          {test.told.says}.
        </p>
      )}
    </>
  )
}

function standing({ owed, dead, lastDelivery, lastErrorAt }: ChannelRow) {
  const failsNow =
    owed > 0 && lastErrorAt !== null && (lastDelivery === null || lastErrorAt > lastDelivery)
  if (failsNow) return { text: 'does not take what it is owed', tone: 'bad' } as const
  if (dead > 0) return { text: 'refused some', tone: 'bad' } as const
  return lastDelivery === null
    ? ({ text: 'never tried', tone: 'unknown' } as const)
    : ({ text: 'works', tone: 'good' } as const)
}
