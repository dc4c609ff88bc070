/** The judging side: receives OTLP, verifies delegation chains, keeps the graph, reports findings. */
export { type Collector, type CollectorOptions, startCollector } from './collector.ts'
export { type Config, type ConfigFlags, readConfig } from './config.ts'
export { CollectorError, type CollectorErrorCode } from './errors.ts'
export { type OfflineTrust, readTrustOffline } from './trust/offline.ts'
