import { lexer, type Token, type Tokens } from 'marked'
import { createElement, Fragment, type ReactNode } from 'react'

/**
 * Markdown of our own documents as elements. Marked reads it, and nothing is ever made of its HTML: a tag in
 * the text is shown as text. A link into the repository leads nowhere from here and is shown as its words.
 */
export function Markdown({ text }: { readonly text: string }) {
  return blocks(lexer(text))
}

/** Elements in a row that never changes, so that none needs a key. */
function row(parts: readonly ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...parts)
}

function blocks(tokens: readonly Token[]): ReactNode {
  return row(tokens.map(block))
}

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'heading':
      return <h4>{inline(token.tokens)}</h4>
    case 'paragraph':
    case 'text':
      return <p>{inline(token.tokens ?? [token])}</p>
    case 'code':
      return (
        <pre className="token" tabIndex={0}>
          {token['text'] as string}
        </pre>
      )
    case 'list': {
      const { items } = token as Tokens.List
      return <ul>{row(items.map(({ tokens }) => createElement('li', null, blocks(tokens))))}</ul>
    }
    case 'table':
      return tableOf(token as Tokens.Table)
    default:
      return <p>{token.raw}</p>
  }
}

function tableOf({ header, rows }: Tokens.Table): ReactNode {
  const cells = (name: 'th' | 'td', of: readonly Tokens.TableCell[]): ReactNode =>
    row(of.map(({ tokens }) => createElement(name, null, inline(tokens))))
  return (
    <table>
      <thead>
        <tr>{cells('th', header)}</tr>
      </thead>
      <tbody>{row(rows.map((own) => createElement('tr', null, cells('td', own))))}</tbody>
    </table>
  )
}

function inline(tokens: readonly Token[] = []): ReactNode {
  return row(tokens.map(span))
}

function span(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <b>{inline(token.tokens)}</b>
    case 'em':
      return <em>{inline(token.tokens)}</em>
    case 'codespan':
      return <code>{token['text'] as string}</code>
    case 'br':
      return <br />
    case 'link':
      return isAbroad(token as Tokens.Link) ? (
        <a href={(token as Tokens.Link).href} target="_blank" rel="noopener noreferrer">
          {inline(token.tokens)}
        </a>
      ) : (
        inline(token.tokens)
      )
    case 'text':
    case 'escape':
      return unescaped(token.type === 'escape' ? (token['text'] as string) : token.raw)
    default:
      return token.raw
  }
}

function isAbroad({ href }: Tokens.Link): boolean {
  return /^https?:\/\//.test(href)
}

/** Marked leaves character references to whoever writes HTML. */
function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }
  return text.replace(/&(amp|lt|gt|quot);/g, (all, name: string) => known[name] ?? all)
}
