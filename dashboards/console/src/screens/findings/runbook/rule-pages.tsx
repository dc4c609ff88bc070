/// <reference types="vite/client" />
import { Markdown } from './markdown.tsx'

/** The pages of `docs/rules`, as they were when the console was built: they need no network. */
const files = import.meta.glob<string>('../../../../../../docs/rules/D*.md', {
  eager: true,
  query: '?raw',
  import: 'default',
})

const PAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, text]) => [/(D\d+)-[^/]*$/.exec(path)?.[1] ?? '', text]),
)

/** What the rule means and what to do, without its heading, which stands above it already. */
export function pageOf(rule: string): string | undefined {
  return PAGES.get(rule)?.replace(/^# .*\n/, '')
}

export default function RulePage({ rule }: { readonly rule: string }) {
  const text = pageOf(rule)
  if (text === undefined) return <p className="dim">There is no page of this rule.</p>
  return <Markdown text={text} />
}
