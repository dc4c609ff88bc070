import { Button, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Fragment } from 'react'
import { type InboxSearch, inboxSearch } from '../../screens/findings/inbox-search.ts'
import { Icon } from '../../shared/icon.tsx'
import { openView, VIEWS } from './views.ts'
import './views-menu.css'

/** The views that are kept, by folder; says which of them is shown. */
export function ViewsMenu({ search }: { readonly search: InboxSearch }) {
  const navigate = useNavigate()
  const shown = stateOf(search)
  const current = VIEWS.find(
    (view) => view.screen === '/findings' && stateOf(inboxSearch(view.search)) === shown,
  )
  return (
    <Menu
      position="bottom-start"
      shadow="md"
      width={400}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<Icon name="star" />}
          aria-label={current === undefined ? 'Saved views' : `Saved view: ${current.name}`}
        >
          {current?.name ?? 'Views'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="views-menu">
        {[...Map.groupBy(VIEWS, ({ folder }) => folder)].map(([folder, views]) => (
          <Fragment key={folder}>
            <Menu.Label>{folder}</Menu.Label>
            {views.map((view) => (
              <Menu.Item
                key={view.name}
                aria-current={view === current}
                onClick={() => void openView(view, navigate)}
              >
                {view.name}
                <small className="dim">{view.description}</small>
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** What of a state makes it another view: not what is selected in it. */
function stateOf({ finding: _, unfold: __, ...rest }: InboxSearch): string {
  return JSON.stringify(inboxSearch(rest))
}
