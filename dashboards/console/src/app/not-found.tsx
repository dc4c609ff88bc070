import { Link } from '@tanstack/react-router'
import { Empty } from '../shared/states.tsx'

export function NotFound() {
  return (
    <Empty title="There is no such page.">
      <Link to="/findings">To the findings</Link>
    </Empty>
  )
}
