/** The Agent2Agent protocol 1.0, `@a2a-js/sdk` version 1: both ends of a message. */
export type { ServiceKey } from '../act/served-receipt.ts'
export { type IncomingCall, incomingCall } from '../carriage/incoming.ts'
export type { Carry } from '../carriage/presentation.ts'
export { type A2aExtension, withDelegation } from './a2a-card.ts'
export { type A2aClient, type A2aClientOptions, instrumentA2aClient } from './a2a-client.ts'
export type { A2aMessage, A2aRequest, DescribeMessage } from './a2a-message.ts'
export {
  type A2aRequestHandler,
  type A2aServerOptions,
  instrumentA2aHandler,
} from './a2a-server.ts'
export type { AskPermission, Permission } from './approvals.ts'
