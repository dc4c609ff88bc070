import type { Meter } from '@opentelemetry/api'
import type { Journal } from '../journal/index.ts'

/** How large the journal is and how its disk does. */
export function journalMetrics(meter: Meter, journal: Journal): void {
  const gauge = (name: string, description: string, value: () => number): void =>
    meter
      .createObservableGauge(name, { description })
      .addCallback((result) => result.observe(value()))
  gauge('delegraph_journal_records', 'Records in the journal', () => journal.stats.records)
  gauge('delegraph_journal_bytes', 'Bytes of these records on disk', () => journal.stats.bytes)
  gauge('delegraph_journal_segments', 'Files of the journal', () => journal.stats.segments)
  gauge(
    'delegraph_journal_quarantined',
    'Byte ranges of the journal that are no records, found when it was opened',
    () => journal.stats.quarantined.length,
  )
  gauge(
    'delegraph_journal_unwritable',
    '1 where the last append failed, so that nothing is acknowledged',
    () => Number(journal.stats.failing),
  )
  meter
    .createObservableCounter('delegraph_journal_syncs', {
      description: 'Times that the journal was made durable; appends that wait share one',
    })
    .addCallback((result) => result.observe(journal.stats.syncs))
}
