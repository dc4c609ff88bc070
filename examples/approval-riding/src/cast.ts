/** The people, agents and the tool server of this example, for another one that has them do something else. */
export { type Agent, connectAgent } from './agent.ts'
export { scripted, type Turn } from './models.ts'
export * from './names.ts'
export type { Keys, Prepared } from './prepare.ts'
export * from './release.ts'
export type { Cast } from './stories.ts'
export { startTelemetry } from './telemetry.ts'
export { startToolServer, type ToolServer } from './tool-server.ts'
