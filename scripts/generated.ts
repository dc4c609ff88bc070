import { configReference } from '../collector/src/config/reference.ts'
import { dashboardFiles } from '../dashboards/grafana/src/index.ts'

/** Files that are made from something else and committed: a test compares, `npm run generate` writes. */
export function generatedFiles(): readonly { readonly path: string; readonly text: string }[] {
  return [{ path: 'docs/configuration.md', text: configReference() }, ...dashboardFiles()]
}
