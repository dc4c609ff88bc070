import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { pathOf, signIn } from '../../api/sign-in.ts'
import { useStanding } from '../../api/standing.ts'
import { useViewer } from '../../api/use-viewer.ts'
import { Loading, Notice } from '../../shared/states.tsx'
import { TokenForm, TokenInstead } from '../../shared/token-form.tsx'
import { useTitle } from '../../shared/use-title.ts'
import { PROBLEM_WORDS } from './problem-words.ts'

const route = getRouteApi('/sign-in')

/** Where a sign-in that failed ends, and a sign-out. */
export function SignInScreen() {
  const { problem, to } = route.useSearch()
  const { known, canSignIn } = useStanding()
  const viewer = useViewer()
  const words = problem === undefined ? undefined : PROBLEM_WORDS[problem]
  const next = pathOf(to)
  useTitle('Sign in')
  if (known === undefined) return <Loading what="who you are" />
  if (known && viewer !== undefined) {
    return (
      <Notice title={words?.title ?? 'You are signed in.'} level="h1">
        {words === undefined ? null : <p>{words.text}</p>}
        <p>
          You are signed in as <b>{viewer.name}</b>.
        </p>
        <Link to="/findings">To the findings</Link>
      </Notice>
    )
  }
  const use = (): void => window.location.assign(next)
  return (
    <Notice
      title={words?.title ?? 'You are signed out.'}
      role={words === undefined ? 'status' : 'alert'}
      level="h1"
    >
      {words === undefined ? null : <p>{words.text}</p>}
      {canSignIn ? (
        <>
          <Button onClick={() => signIn(next)}>
            {words === undefined ? 'Sign in' : 'Sign in again'}
          </Button>
          <TokenInstead then={use} />
        </>
      ) : (
        <TokenForm then={use} />
      )}
    </Notice>
  )
}
