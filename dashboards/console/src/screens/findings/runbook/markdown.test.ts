import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { RULES } from '../inbox-search.ts'
import { Markdown } from './markdown.tsx'
import { pageOf } from './rule-pages.tsx'

const drawn = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text }))

describe('a page of the documents', () => {
  it('is drawn with what it is made of', () => {
    expect(drawn('**Fires** when `a & b` is *called*\n\n- one\n- two')).toBe(
      '<p><b>Fires</b> when <code>a &amp; b</code> is <em>called</em></p><ul><li><p>one</p></li><li><p>two</p></li></ul>',
    )
    expect(drawn('| a | b |\n|---|---|\n| 1 | **2** |')).toContain('<td><b>2</b></td>')
  })

  it('shows HTML as text and never makes any of it', () => {
    const page = drawn('<img src=x onerror=alert(1)>\n\na <b onclick="x">b</b> &amp; &lt;i&gt;')
    expect(page).not.toMatch(/<(img|b|i)[ >]/)
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(page).toContain('&amp; &lt;i&gt;')
  })

  it('leads to other sites alone, without saying from where, and runs nothing', () => {
    expect(drawn('[owasp](https://owasp.org/)')).toBe(
      '<p><a href="https://owasp.org/" target="_blank" rel="noopener noreferrer">owasp</a></p>',
    )
    for (const href of [
      '../triage.md',
      'javascript:alert(1)',
      'data:text/html,x',
      '//other.example',
    ])
      expect(drawn(`[words](${href})`)).toBe('<p>words</p>')
  })
})

it.each(RULES)('there is a page of %s that says when it fires and what to do', (rule) => {
  const page = pageOf(rule)
  expect(page).toContain('**Fires**')
  expect(page).toContain('**What to do**')
  const shown = drawn(page ?? '')
  expect(shown).toContain('<b>What to do</b>')
  // Nothing of it was left as it was written.
  expect(shown).not.toMatch(/\*\*|\]\(/)
})
