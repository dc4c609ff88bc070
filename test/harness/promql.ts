import { parser } from '@prometheus-io/lezer-promql'

/** A selector of an expression: the series that it names, and the labels that it looks at. */
export interface Selector {
  readonly name: string
  readonly labels: readonly string[]
}

/**
 * The selectors of a PromQL expression, read with Prometheus's own grammar. Grafana's interval, which is
 * no PromQL, stands for five minutes.
 *
 * @throws where it does not parse
 */
export function selectorsOf(expression: string): Selector[] {
  const text = expression.replaceAll('$__rate_interval', '5m')
  const selectors: { name: string; labels: string[] }[] = []
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expression}`)
      const own = text.slice(node.from, node.to)
      if (node.name === 'VectorSelector') selectors.push({ name: '', labels: [] })
      const last = selectors.at(-1)
      const inSelector = node.node.parent?.name
      if (node.name === 'Identifier' && inSelector === 'VectorSelector' && last !== undefined) {
        last.name = own
      }
      if (node.name === 'LabelName' && inSelector === 'UnquotedLabelMatcher') last?.labels.push(own)
    },
  })
  return selectors
}
