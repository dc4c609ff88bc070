import { Button } from '@mantine/core'
import { signIn } from '../api/sign-in.ts'
import { useStanding } from '../api/standing.ts'
import { givenToken } from '../api/token.ts'
import { useViewer, type Viewer } from '../api/use-viewer.ts'
import { SignOutButton } from './sign-out-button.tsx'
import { Notice } from './states.tsx'
import { TokenForm, TokenInstead } from './token-form.tsx'

/** What a screen shows to whoever is not known, or may not see it. */
export function Forbidden({ message }: { readonly message: string }) {
  const { known, canSignIn } = useStanding()
  const viewer = useViewer()
  if (known === false && canSignIn) return <NotSignedIn />
  if (known === true && viewer !== undefined && givenToken() === undefined) {
    return <NotAllowed viewer={viewer} message={message} />
  }
  return (
    <Notice title="You may not see this." role="alert">
      <p>{message}</p>
      <TokenForm />
      <p className="dim">Whoever runs this collector gives tokens and roles.</p>
    </Notice>
  )
}

function NotSignedIn() {
  return (
    <Notice title="You are not signed in." role="alert">
      <p>You come back to this very page.</p>
      <Button onClick={() => signIn()}>Sign in</Button>
      <TokenInstead />
    </Notice>
  )
}

/** Somebody who is signed in: another role is for others to give. */
function NotAllowed({ viewer, message }: { readonly viewer: Viewer; readonly message: string }) {
  const roles = viewer.roles.map((role) => role.toLowerCase()).join(', ')
  return (
    <Notice title="You may not see this." role="alert">
      <p>
        You are signed in as <b>{viewer.name}</b>
        {roles === '' ? ', who has no role here.' : `, who has the role ${roles}.`}
      </p>
      <p className="dim">
        The collector says: {message}. Whoever runs it says which of your groups has which role.
      </p>
      <SignOutButton />
      <TokenInstead />
    </Notice>
  )
}
