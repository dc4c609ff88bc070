import { ActionIcon } from '@mantine/core'
import { Dialog } from '../../shared/dialog.tsx'
import { Icon } from '../../shared/icon.tsx'
import { KeyCaps } from '../../shared/key-caps.tsx'
import { useKeysAtHand } from '../../shared/keys-at-hand.ts'
import { APP_KEYS } from '../keys.ts'
import './key-help.css'

/** The keys that work on the screen at hand, as their handlers have them. */
export function KeyHelp({ closed }: { readonly closed: () => void }) {
  const all = useKeysAtHand()
  const isOwn = ({ where }: { readonly where: string }): boolean => where !== APP_KEYS.where
  const places = [...all.filter(isOwn), ...all.filter((keys) => !isOwn(keys))]
  return (
    <Dialog label="Keys" className="key-help" closed={closed}>
      {(close) => (
        <>
          <header className="row">
            <h2>Keys</h2>
            <ActionIcon className="spread" variant="default" aria-label="Close" onClick={close}>
              <Icon name="close" />
            </ActionIcon>
          </header>
          {all.some(isOwn) ? null : <p className="dim">This screen has no keys of its own.</p>}
          <div className="key-places">
            {places.map(({ where, entries }) => (
              <section key={where} aria-label={where}>
                <h3>{where}</h3>
                <dl className="pairs">
                  {entries.map(({ keys, does }) => (
                    <div key={does} className="key-line">
                      <dt>
                        <KeyCaps keys={keys} />
                      </dt>
                      <dd>{does}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <p className="dim">
            They are for the screen: while you write into a field they are letters, and only those
            with Ctrl or ⌘ work.
          </p>
        </>
      )}
    </Dialog>
  )
}
