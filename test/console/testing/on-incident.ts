import { afterAll, beforeAll } from 'vitest'
import { type Browser, launchChromium } from '../../harness/chromium.ts'
import { type Incident, incidentOf, type Served, serve } from './served.ts'

/** What the tests of one `describe` share; nothing of it is there before they run. */
export interface OnIncident {
  readonly served: Served
  readonly incident: Incident
  readonly browser: Browser
}

/** A collector with the demo's incident and a browser, from the first of the tests here to the last. */
export function onIncident(config: Parameters<typeof serve>[0]['config'] = {}): OnIncident {
  const known: { -readonly [Name in keyof OnIncident]?: OnIncident[Name] } = {}
  beforeAll(async () => {
    known.served = await serve({ incident: true, config })
    known.incident = await incidentOf(known.served)
    known.browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await known.browser?.[Symbol.asyncDispose]()
    await known.served?.[Symbol.asyncDispose]()
  })
  return known as OnIncident
}
