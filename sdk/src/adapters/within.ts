/**
 * A stream whose every step runs inside something, the context of a call for instance. Who stops
 * listening stops the stream too.
 */
export async function* within<Item>(
  stream: AsyncGenerator<Item, void, undefined>,
  run: <Result>(part: () => Result) => Result,
): AsyncGenerator<Item, void, undefined> {
  try {
    for (;;) {
      const next = await run(() => stream.next())
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await run(() => stream.return())
  }
}
