import { Button } from '@mantine/core'
import { giveToken } from '../api/token.ts'
import { useViewer, type Viewer } from '../api/use-viewer.ts'
import { Icon } from '../shared/icon.tsx'

/** Who looks, and as what; nothing where the collector asks nobody who they are. */
export function Reader() {
  const viewer = useViewer()
  if (viewer === undefined || viewer.name === 'local') return null
  const leave = (): void => {
    giveToken('')
    window.location.reload()
  }
  return (
    <section className="reader" aria-label="Who looks">
      <Icon name="person" />
      <span>{viewer.name}</span>
      <span className="dim">{rolesOf(viewer)}</span>
      <Button variant="default" size="xs" onClick={leave}>
        Forget the token
      </Button>
    </section>
  )
}

function rolesOf({ roles, tenant }: Viewer): string {
  const words = roles.map((role) => role.toLowerCase()).join(', ')
  return tenant === 'default' ? words : `${words} of ${tenant}`
}
