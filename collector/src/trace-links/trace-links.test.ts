import { describe, expect, it } from 'vitest'
import { createTraceLinks, NO_TRACE_LINKS, traceLinkList } from './trace-links.ts'

const JAEGER = { name: 'Jaeger', url: 'https://jaeger.example.com/trace/{traceId}?uiFind={spanId}' }
const GRAFANA = {
  name: 'Tempo',
  url: 'http://localhost:3000/explore?left=%7B%22queries%22:%5B%7B%22query%22:%22{traceId}%22%7D%5D%7D',
}

describe('links to other tools', () => {
  it('lead to the span, each by its template', () => {
    const links = createTraceLinks(traceLinkList.parse([JAEGER, GRAFANA]))
    expect(links('0af7', 'b7ad')).toEqual([
      { name: 'Jaeger', url: 'https://jaeger.example.com/trace/0af7?uiFind=b7ad' },
      {
        name: 'Tempo',
        url: 'http://localhost:3000/explore?left=%7B%22queries%22:%5B%7B%22query%22:%220af7%22%7D%5D%7D',
      },
    ])
    expect(links('', 'b7ad')).toEqual([])
    expect(NO_TRACE_LINKS('0af7', 'b7ad')).toEqual([])
  })

  it('put an id in as one part of the address, whatever it is', () => {
    const links = createTraceLinks(traceLinkList.parse([JAEGER]))
    const [link] = links('../../x?a=b#c{spanId}', '"><script>&y=1')
    expect(link?.url).toBe(
      'https://jaeger.example.com/trace/..%2F..%2Fx%3Fa%3Db%23c%7BspanId%7D?uiFind=%22%3E%3Cscript%3E%26y%3D1',
    )
    const { origin, pathname } = new URL(link?.url ?? '')
    expect(origin).toBe('https://jaeger.example.com')
    expect(pathname.startsWith('/trace/')).toBe(true)
  })

  it.each([
    ['another scheme', 'javascript:alert({traceId})', /http/],
    ['data', 'data:text/html,{traceId}', /http/],
    ['a host that the span decides', 'https://{traceId}.example.com/', /host/],
    ['a part of the host', 'https://jaeger{spanId}/trace/{traceId}', /host/],
    ['credentials', 'https://me:secret@jaeger.example.com/{traceId}', /credentials/],
    ['no host', 'https:///trace/{traceId}', /host/],
    ['no trace id', 'https://jaeger.example.com/{spanId}', /\{traceId\}/],
    ['another placeholder', 'https://jaeger.example.com/{traceId}/{user}', /no other placeholder/],
    ['a brace too many', 'https://jaeger.example.com/{traceId}}', /no other placeholder/],
  ])('refuse %s', (_, url, why) => {
    const { success, error } = traceLinkList.safeParse([{ name: 'x', url }])
    expect(success).toBe(false)
    expect(error?.issues.map(({ message }) => message).join(' ')).toMatch(why)
    expect(error?.issues[0]?.path).toEqual([0, 'url'])
  })

  it('refuse two of one name and a key that is not known', () => {
    expect(traceLinkList.safeParse([JAEGER, JAEGER]).success).toBe(false)
    expect(traceLinkList.safeParse([{ ...JAEGER, target: '_top' }]).success).toBe(false)
  })
})
