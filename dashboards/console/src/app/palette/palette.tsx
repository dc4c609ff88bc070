import { UnstyledButton } from '@mantine/core'
import { Dialog } from '../../shared/dialog.tsx'
import { Icon } from '../../shared/icon.tsx'
import { KeyCaps } from '../../shared/key-caps.tsx'
import './palette.css'
import { APP_KEYS } from '../keys.ts'
import { PaletteList } from './palette-list.tsx'

/** The button that opens the palette, and the palette: one box that finds whatever has a name or an id. */
export function Palette({
  opened,
  setOpened,
}: {
  readonly opened: boolean
  readonly setOpened: (opened: boolean) => void
}) {
  return (
    <>
      <UnstyledButton
        className="palette-button"
        aria-haspopup="dialog"
        onClick={() => setOpened(true)}
      >
        <Icon name="search" />
        <span className="clip">Find an agent, a chain, a finding, a permission …</span>
        <span className="spread palette-keys">
          <KeyCaps keys={APP_KEYS.actions.find.keys} />
        </span>
      </UnstyledButton>
      {opened ? (
        <Dialog label="Find" className="palette" closed={() => setOpened(false)}>
          {(close) => <PaletteList close={close} />}
        </Dialog>
      ) : null}
    </>
  )
}
