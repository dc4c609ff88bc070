import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { AgentScreen } from '../screens/agent/agent-screen.tsx'
import { agentSearch } from '../screens/agent/agent-search.ts'
import { AlertsScreen } from '../screens/alerts/alerts-screen.tsx'
import { alertsSearch } from '../screens/alerts/alerts-search.ts'
import { CaseScreen } from '../screens/cases/case-screen.tsx'
import { CasesScreen } from '../screens/cases/cases-screen.tsx'
import { caseSearch, casesSearch } from '../screens/cases/cases-search.ts'
import { ChainScreen } from '../screens/chain/chain-screen.tsx'
import { chainSearch } from '../screens/chain/chain-search.ts'
import { DecisionsScreen } from '../screens/decisions/decisions-screen.tsx'
import { decisionsSearch } from '../screens/decisions/decisions-search.ts'
import { ExploreScreen } from '../screens/explore/explore-screen.tsx'
import { exploreSearch } from '../screens/explore/explore-search.ts'
import { InboxScreen } from '../screens/findings/inbox-screen.tsx'
import { inboxSearch } from '../screens/findings/inbox-search.ts'
import { LiveScreen } from '../screens/live/live-screen.tsx'
import { liveSearch } from '../screens/live/live-search.ts'
import { SignInScreen } from '../screens/sign-in/sign-in-screen.tsx'
import { signInSearch } from '../screens/sign-in/sign-in-search.ts'
import { SuppressionsScreen } from '../screens/suppressions/suppressions-screen.tsx'
import { suppressionsSearch } from '../screens/suppressions/suppressions-search.ts'
import { parseSearch, stringifySearch } from '../shared/search-text.ts'
import { Failed } from '../shared/states.tsx'
import { asOfSearch } from './as-of.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  validateSearch: asOfSearch,
  // Whoever looks at the past stays in it, wherever a link leads.
  search: { middlewares: [retainSearchParams(['asOf'])] },
  component: Shell,
  notFoundComponent: NotFound,
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/findings', replace: true })
  },
})

const findings = createRoute({
  getParentRoute: () => root,
  path: '/findings',
  validateSearch: inboxSearch,
  component: InboxScreen,
})

const chain = createRoute({
  getParentRoute: () => root,
  path: '/chains/$chainId',
  validateSearch: chainSearch,
  component: ChainScreen,
})

const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$agentId',
  validateSearch: agentSearch,
  component: AgentScreen,
})

const explore = createRoute({
  getParentRoute: () => root,
  path: '/explore',
  validateSearch: exploreSearch,
  component: ExploreScreen,
})

const decisions = createRoute({
  getParentRoute: () => root,
  path: '/decisions',
  validateSearch: decisionsSearch,
  component: DecisionsScreen,
})

const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  validateSearch: liveSearch,
  component: LiveScreen,
})

const cases = createRoute({
  getParentRoute: () => root,
  path: '/cases',
  validateSearch: casesSearch,
  component: CasesScreen,
})

const oneCase = createRoute({
  getParentRoute: () => root,
  path: '/cases/$caseId',
  validateSearch: caseSearch,
  component: CaseScreen,
})

const suppressions = createRoute({
  getParentRoute: () => root,
  path: '/suppressions',
  validateSearch: suppressionsSearch,
  component: SuppressionsScreen,
})

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: AlertsScreen,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: SignInScreen,
})

export const router = createRouter({
  routeTree: root.addChildren([
    ...[
      home,
      findings,
      cases,
      oneCase,
      suppressions,
      chain,
      agent,
      explore,
      decisions,
      live,
      alerts,
      signIn,
    ],
  ]),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Broken,
  scrollRestoration: false,
})

/** A fault of the console itself; what was asked stays in the URL. */
function Broken({ error, reset }: ErrorComponentProps) {
  return <Failed message={`The console failed: ${String(error)}`} again={reset} />
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
