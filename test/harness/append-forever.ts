import { openJournal } from '../../collector/src/journal/index.ts'

// Appends until it is killed, several at a time, and says what was acknowledged: DIR.
const [dir = ''] = process.argv.slice(2)
const journal = await openJournal({ dir, segmentBytes: 64 * 1024 })
for (let i = 0; ; i += 1) {
  const group = Array.from({ length: 1 + (i % 7) }, async (_, n) => {
    const text = `${process.pid}-${i}-${n}-${'x'.repeat((i * 131 + n * 17) % 900)}`
    await journal.append({ kind: 'otlp-traces', receivedAt: i, payload: Buffer.from(text) })
    process.stdout.write(`${text}\n`)
  })
  await Promise.all(group)
}
