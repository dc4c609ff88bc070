import { Link } from '@tanstack/react-router'
import { Notice } from '../shared/states.tsx'
import { useTitle } from '../shared/use-title.ts'

export function NotFound() {
  useTitle('No such page')
  return (
    <Notice title="There is no such page." level="h1">
      <Link to="/findings">To the findings</Link>
    </Notice>
  )
}
