import { z } from 'zod'
import { channelList, shortWebhook } from '../alerts/channel-settings.ts'
import { traceLinkList } from '../trace-links/trace-links.ts'
import { zoneList } from '../zones/zones.ts'

/** What tenants do not share: whom they trust, who owns their agents, whom they alert; and what is critical to one, and where its spans are. */
const tenant = z.strictObject({
  trust: z.string().min(1).optional(),
  registry: z.string().min(1).optional(),
  channels: channelList,
  webhook: shortWebhook.optional(),
  zones: zoneList.removeDefault().optional(),
  traceLinks: traceLinkList.removeDefault().optional(),
})

/** A name is part of a path and of a key. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'takes small letters, digits and dashes, at most 63')

/** By name. Each has a journal and a graph of its own. */
export const tenantSettings = z.record(name, tenant)
