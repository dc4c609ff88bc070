import { MantineProvider } from '@mantine/core'
import { RouterProvider } from '@tanstack/react-router'
import { Provider } from 'urql'
import { client } from '../api/client.ts'
import '@mantine/core/styles.css'
import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/matrix.css'
import { router } from './router.tsx'

/**
 * Mantine writes style elements at run time unless it is told not to; the policy allows none. Its variables
 * come from its style sheet, and parts that need such an element (AppShell, Grid, modal windows) are not used.
 */
export function App() {
  return (
    <MantineProvider defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Provider value={client}>
        <RouterProvider router={router} />
      </Provider>
    </MantineProvider>
  )
}
