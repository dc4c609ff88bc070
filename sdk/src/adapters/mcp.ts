/** The Model Context Protocol, TypeScript SDK version 2: both ends of a `tools/call`. */
export type { ServiceKey } from '../act/served-receipt.ts'
export { type IncomingCall, incomingCall } from '../carriage/incoming.ts'
export type { AskPermission, Permission } from './approvals.ts'
export { instrumentClient, type McpClient, type McpClientOptions } from './mcp-client.ts'
export {
  evidenceFromRequest,
  instrumentServer,
  type McpServer,
  type McpServerOptions,
} from './mcp-server.ts'
