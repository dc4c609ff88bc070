import { createServer } from 'node:net'

/** How tests reach a real Neo4j. */
export interface Neo4jAddress {
  readonly uri: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
}

/** A Neo4j that the tests may use, and end where they started it. */
export interface Neo4jServer {
  readonly address: Neo4jAddress
  stop(): Promise<void>
  /** Ends the server with SIGKILL; absent where it is somebody else's. */
  kill?(): Promise<void>
  /** Starts it again with the same address and the same data. */
  restart?(): Promise<void>
}

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
