/** Says that finding events up to a cursor are in the graph. */
export interface ApiEvents {
  /** Calls the listener after each batch of new events; returns what ends that. */
  subscribe(listener: (cursor: string) => void): () => void
}

/** The collector's own {@link ApiEvents}: whoever writes events publishes the newest cursor. */
export interface EventBus extends ApiEvents {
  /** Call it after the events are written, never before. */
  publish(cursor: string): void
}

export function createEventBus(): EventBus {
  const listeners = new Set<(cursor: string) => void>()
  return {
    subscribe(listener) {
      // One listener given twice is two subscriptions.
      const own = (cursor: string): void => listener(cursor)
      listeners.add(own)
      return () => {
        listeners.delete(own)
      }
    },
    publish(cursor) {
      for (const listener of listeners) listener(cursor)
    },
  }
}
