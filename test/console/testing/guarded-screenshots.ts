/** Pictures of the demo's second play, where a guard stands in front of the server, and of where its alerts went. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { channelList } from '../../../collector/src/alerts/index.ts'
import { startStub } from '../../../collector/src/alerts/testing/stub.ts'
import { launchChromium } from '../../harness/chromium.ts'
import { temporaryFolder } from '../../harness/own-place.ts'
import { pictures } from './pictures.ts'
import { serve } from './served.ts'

using folder = temporaryFolder()
await using receiver = await startStub()
await using away = await startStub()
away.script.push(...Array.from({ length: 1_000 }, () => 503))
const urlFile = join(folder.path, 'workflow')
writeFileSync(urlFile, `${away.url}\n`)
const channels = channelList.parse([
  { kind: 'alertmanager', name: 'on-call', url: receiver.url },
  { kind: 'ocsf', name: 'siem', file: join(folder.path, 'findings.ndjson') },
  { kind: 'teams', name: 'platform', urlFile },
])
await using served = await serve({ incident: true, config: { channels } })
await served.playGuarded()
await using browser = await launchChromium()
const take = pictures(browser, served.url)

const found = async (rule: string) => {
  const { findings } = await served.ask<{
    findings: { nodes: { id: string; chain: { id: string }; action: { id: string } | null }[] }
  }>(
    `{ findings(first: 1, where: { rule: ["${rule}"] }) { ... on FindingConnection { nodes { id chain { id } action { id } } } } }`,
  )
  const [node] = findings.nodes
  if (node === undefined) throw new Error(`no finding of ${rule}`)
  return node
}

const widened = await found('D2')
await take('widened', `/chains/${widened.chain.id}?select=${widened.action?.id ?? ''}`, {
  ready: (page) => page.locator('.chip-appeared').first().waitFor(),
})
const withdrawn = await found('D9')
await take('withdrawn', `/chains/${withdrawn.chain.id}?select=${withdrawn.action?.id ?? ''}`, {
  ready: (page) => page.getByText('Why it was').first().waitFor(),
})
await take('guarded', '/decisions', {
  height: 420,
  ready: (page) => page.locator('tr[data-decision]').nth(2).waitFor(),
})
await take('alerts', '/alerts', {
  height: 640,
  ready: (page) => page.getByText('platform').first().waitFor(),
})
