import { AGENTS } from './agents.ts'
import { DELEGATION } from './delegation.ts'
import { FINDINGS } from './findings.ts'
import { type DashboardSpec, dashboardJson } from './panels.ts'
import { PIPELINE } from './pipeline.ts'

export const DASHBOARDS: readonly DashboardSpec[] = [FINDINGS, AGENTS, DELEGATION, PIPELINE]

/** Each dashboard as the file that is committed; `npm run generate` writes them. */
export function dashboardFiles(): readonly { readonly path: string; readonly text: string }[] {
  return DASHBOARDS.map((spec) => ({
    path: `dashboards/grafana/${spec.uid}.json`,
    text: dashboardJson(spec),
  }))
}
