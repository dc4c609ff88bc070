/** Plain HTTP: the last link and hashes in headers, for whatever client and server speak it. */
export type { ServiceKey } from '../act/served-receipt.ts'
export { HEADER, type HttpHeaders, MAX_HEADERS, presentationFrom } from '../carriage/headers.ts'
export { type IncomingCall, incomingCall } from '../carriage/incoming.ts'
export type { Presentation } from '../carriage/presentation.ts'
export type { ServiceOptions } from '../carriage/serve.ts'
export type { AskPermission, Permission } from './approvals.ts'
export { type Fetch, type FetchOptions, instrumentFetch } from './http-client.ts'
export { type HttpCall, type HttpHandling, serveHttp } from './http-server.ts'
