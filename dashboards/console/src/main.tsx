import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'

// Where the browser shows a page again as it was left, whoever looks may have signed out meanwhile.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) window.location.reload()
})

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App />)
