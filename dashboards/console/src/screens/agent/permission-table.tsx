import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { Instant } from '../../shared/instant.tsx'
import type { Word } from '../../shared/link-words.ts'
import { StateMark, Tag } from '../../shared/marks.tsx'
import { AgentName } from '../../shared/names.tsx'
import { atLeast, counted, toolName } from '../../shared/short.ts'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import type { MatrixRow } from './permission-matrix.ts'

const WORDS: Readonly<Record<MatrixRow['says'], Word>> = {
  inherited: { text: 'used on another’s authority', tone: 'bad' },
  'not granted': { text: 'used, no grant was seen', tone: 'unknown' },
  'in use': { text: 'granted and used', tone: 'good' },
  unused: { text: 'never used: trim', tone: 'plain' },
}

/** Granted, exercised, inherited: three columns, a row for each tool. */
export function PermissionTable({
  agent,
  rows,
}: {
  readonly agent: string
  readonly rows: readonly MatrixRow[]
}) {
  return (
    <div className="matrix-scroll" tabIndex={0} role="region" aria-label="Permissions">
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col">Granted</th>
            <th scope="col">Exercised</th>
            <th scope="col">Inherited</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.tool} className={row.says === 'inherited' ? 'is-trouble' : ''}>
              <th scope="row" title={row.tool}>
                {toolName(row.tool)}
                <StateMark word={WORDS[row.says]} />
              </th>
              <td>
                {row.granted.length === 0 ? <span className="dim">no</span> : null}
                {row.granted.map((permission) => (
                  <div key={`${permission.source} ${permission.limits.join()}`} className="row">
                    {permission.link?.chain == null ? (
                      <Tag>{permission.source.toLowerCase()}</Tag>
                    ) : (
                      <Link
                        to="/chains/$chainId"
                        params={{ chainId: permission.link.chain.id }}
                        search={{ select: permission.link.hash }}
                      >
                        {counted(permission.links, 'link')}
                      </Link>
                    )}
                    {permission.link === null ? null : (
                      <AddToCase
                        items={[{ kind: 'LINK', id: permission.link.hash }]}
                        name={`the link that grants ${toolName(row.tool)}`}
                      />
                    )}
                    {permission.limits.map((limit) => (
                      <code key={limit}>{limit}</code>
                    ))}
                    {permission.state === 'UNKNOWN' ? (
                      <StateMark word={{ text: 'link above missing', tone: 'unknown' }} />
                    ) : null}
                    {permission.expiresAt === null ? null : (
                      <span className="dim">
                        until <Instant at={permission.expiresAt} />
                      </span>
                    )}
                  </div>
                ))}
              </td>
              <td>
                {row.exercised === undefined ? (
                  <span className="dim">never</span>
                ) : (
                  <>
                    <Link
                      to="/agents/$agentId"
                      params={{ agentId: agent }}
                      search={{ tool: row.tool }}
                      hash="calls"
                    >
                      {atLeast(row.exercised.uses, 'time')}
                    </Link>
                    , last <Instant at={row.exercised.lastUsedAt} />
                  </>
                )}
              </td>
              <td>
                {row.inherited.length === 0 ? <span className="dim">no</span> : null}
                {row.inherited.map((one) => (
                  <div key={one.from?.id ?? 'unknown'} className="row">
                    {counted(one.uses, 'time')} from <AgentName agent={one.from} />
                    {one.findings.map(({ id, rule }) => (
                      <Fragment key={id}>
                        <Link to="/findings" search={{ finding: id, tab: 'all' }}>
                          {rule}
                        </Link>
                        <AddToCase
                          items={[{ kind: 'FINDING', id }]}
                          name={`${rule} on ${toolName(row.tool)}`}
                        />
                      </Fragment>
                    ))}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
