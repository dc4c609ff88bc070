import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { AddingProvider } from '../screens/cases/add/adding-provider.tsx'
import { Icon } from '../shared/icon.tsx'
import { useKeys } from '../shared/use-keys.ts'
import { AsOfBanner } from './as-of-banner.tsx'
import { AsOfPicker } from './as-of-picker.tsx'
import { KeyHelp } from './help/key-help.tsx'
import { APP_KEYS } from './keys.ts'
import { Palette } from './palette/palette.tsx'
import { Reader } from './reader.tsx'
import { SignedOutBanner } from './signed-out-banner.tsx'
import './shell.css'

/** The bar on top and the screen below it. */
export function Shell() {
  const [isFinding, setFinding] = useState(false)
  const [isHelping, setHelping] = useState(false)
  useKeys(APP_KEYS, { find: () => setFinding(true), help: () => setHelping(true) })
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="bar">
        <Link to="/findings" className="brand" aria-label="Delegraph">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span>Delegraph</span>
        </Link>
        <nav aria-label="Screens">
          <Link to="/findings" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="inbox" /> Findings
          </Link>
          <Link to="/cases" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="case" /> Cases
          </Link>
          <Link to="/explore" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="spread" /> Explore
          </Link>
          <Link to="/decisions" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="scales" /> Decisions
          </Link>
          <Link to="/suppressions" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="eye-off" /> Suppressions
          </Link>
          <Link to="/alerts" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="bell" /> Alerts
          </Link>
          <Link to="/live" activeProps={{ 'aria-current': 'page' }}>
            <Icon name="pulse" /> Live
          </Link>
        </nav>
        <Palette opened={isFinding} setOpened={setFinding} />
        <AsOfPicker />
        <Reader />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Keys"
          aria-haspopup="dialog"
          onClick={() => setHelping(true)}
        >
          <Icon name="question" />
        </ActionIcon>
        <SchemeToggle />
      </header>
      <div>
        <SignedOutBanner />
        <AsOfBanner />
      </div>
      <main id="main" tabIndex={-1}>
        <AddingProvider>
          <Outlet />
        </AddingProvider>
      </main>
      {isHelping ? <KeyHelp closed={() => setHelping(false)} /> : null}
    </div>
  )
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <Icon name={other === 'dark' ? 'moon' : 'sun'} />
    </ActionIcon>
  )
}
