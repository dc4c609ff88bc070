import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Colours for a terminal; plain text where the output is none, or `NO_COLOR` is set. */
export function paint(style: Style | Style[], text: string): string {
  return styleText(style, text, { stream: process.stdout, validateStream: true })
}
