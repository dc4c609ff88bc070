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
