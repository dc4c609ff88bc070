import { Button } from '@mantine/core'
import { useStanding } from '../api/standing.ts'
import { givenToken, giveToken } from '../api/token.ts'
import { useViewer, type Viewer } from '../api/use-viewer.ts'
import { Icon } from '../shared/icon.tsx'
import { SignOutButton } from '../shared/sign-out-button.tsx'

/** Who looks, and as what; nothing where the collector asks nobody who they are. */
export function Reader() {
  const viewer = useViewer()
  const { known } = useStanding()
  if (viewer === undefined || viewer.name === 'local' || known === false) return null
  const leave = (): void => {
    giveToken('')
    window.location.reload()
  }
  return (
    <section className="reader" aria-label="Who looks">
      <Icon name="person" />
      <span className="reader-name clip" title={viewer.name}>
        {viewer.name}
      </span>
      <span className="dim">{rolesOf(viewer)}</span>
      {givenToken() === undefined ? (
        <SignOutButton />
      ) : (
        <Button variant="default" size="xs" onClick={leave}>
          Forget the token
        </Button>
      )}
    </section>
  )
}

function rolesOf({ roles, tenant }: Viewer): string {
  const words = roles.map((role) => role.toLowerCase()).join(', ') || 'no role'
  return tenant === 'default' ? words : `${words} of ${tenant}`
}
