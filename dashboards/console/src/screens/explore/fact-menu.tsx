import { Menu } from '@mantine/core'
import type { FactQuestions } from './fact-questions.ts'
import type { ReachNode } from './reach-graph.ts'

/** A fact, and where the pointer was, in pixels of the window. */
export interface MenuAt {
  readonly key: string
  readonly x: number
  readonly y: number
}

/** The questions of one fact where it was pointed at. */
export function FactMenu({
  at,
  node,
  asks,
  close,
}: {
  readonly at: MenuAt
  readonly node: ReachNode
  readonly asks: FactQuestions
  readonly close: () => void
}) {
  return (
    <Menu opened onClose={close} withinPortal={false} position="bottom-start" shadow="md" trapFocus>
      <Menu.Target>
        <span className="fact-menu-at" style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{node.label}</Menu.Label>
        {asks(node).map(({ name, text, ask }) => (
          <Menu.Item key={name} onClick={ask}>
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
