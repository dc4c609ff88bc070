import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const docs = fileURLToPath(new URL('..', import.meta.url))

/** The first heading of a page. */
function titleOf(page: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(docs, page), 'utf8'))?.[1] ?? page
}

/** The pages of a folder, in the order of the numbers in their names. */
function pagesIn(folder: string) {
  return readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({
      text: titleOf(join(folder, name)),
      link: `/${folder}/${name.replace(/\.md$/, '')}`,
    }))
}

const page = (name: string, text = titleOf(`${name}.md`)) => ({ text, link: `/${name}` })

/** Where a link of a page leads, if that is no page of this site: to a file of the sources. */
function isSource(href: string, from: string): boolean {
  if (/^[a-z]+:|^[#/]/.test(href)) return false
  return normalize(join(dirname(from), href)).startsWith('..')
}

export default defineConfig({
  title: 'Delegraph',
  description: 'When an AI agent did this, whose yes was it?',
  lang: 'en',
  cleanUrls: true,
  rewrites: {
    'rules/README.md': 'rules/index.md',
    'adr/README.md': 'adr/index.md',
  },
  markdown: {
    config(md) {
      // The pages are read in the sources, too, where a link may lead to a file that is no page.
      md.core.ruler.push('source_links', (state) => {
        const from = String(state.env.relativePath ?? '')
        for (const { children } of state.tokens) {
          let leaves = false
          for (const token of children ?? []) {
            if (token.type === 'link_open') leaves = isSource(token.attrGet('href') ?? '', from)
            if (!leaves) continue
            if (token.type === 'link_open' || token.type === 'link_close') token.type = 'text'
            if (token.nesting === -1) leaves = false
            if (token.type === 'text' && token.nesting !== 0)
              Object.assign(token, { content: '', nesting: 0, tag: '' })
          }
        }
      })
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/start' },
      { text: 'Rules', link: '/rules/' },
      { text: 'Reference', link: '/reference/api' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: [
          page('guide/start'),
          page('guide/instrument'),
          page('guide/investigate'),
          page('guide/production'),
        ],
      },
      {
        text: 'Topics',
        items: [
          'console',
          'questions',
          'guard',
          'policy',
          'authzen',
          'trust',
          'triage',
          'cases',
          'access',
          'alerts',
          'foreign-tokens',
          'operating',
        ].map((name) => page(name)),
      },
      { text: 'Rules', link: '/rules/', collapsed: true, items: pagesIn('rules') },
      {
        text: 'Reference',
        items: [
          page('reference/api'),
          page('commands'),
          page('configuration'),
          ...['link-format', 'vocabulary', 'conformance', 'detection-scores'].map((name) =>
            page(name),
          ),
        ],
      },
      {
        text: 'Design',
        items: [
          page('architecture'),
          page('threat-model'),
          { text: 'Decisions', link: '/adr/', collapsed: true, items: pagesIn('adr') },
        ],
      },
    ],
  },
})
