/** The web console as static files, on the port of the API. */
export {
  CONSOLE_ROUTES,
  CONTENT_SECURITY_POLICY,
  isConsolePath,
  withConsole,
} from './serve-console.ts'
export { BUILT_CONSOLE, readConsole, type StaticFiles } from './static-files.ts'
