import { ActionIcon } from '@mantine/core'
import { Icon } from '../../shared/icon.tsx'
import { AddToCase } from '../cases/add/add-to-case.tsx'
import { ChangedSection } from './compare/change-marks.tsx'
import { ActionDetails } from './inspect/action-details.tsx'
import { ApprovalDetails } from './inspect/approval-details.tsx'
import { DecisionDetails } from './inspect/decision-details.tsx'
import { LinkDetails } from './inspect/link-details.tsx'
import { WithdrawalDetails } from './inspect/withdrawal-details.tsx'
import './inspector.css'
import type { LoadedChain } from './loaded-chain.ts'
import { thingsSelected } from './things-selected.ts'

/** All about what is selected, beside the picture and never instead of it. */
export function Inspector({
  chain,
  select,
  close,
}: {
  readonly chain: LoadedChain
  readonly select: string
  readonly close: () => void
}) {
  const things = thingsSelected(chain, select)
  return (
    <aside className="inspector" aria-label="Inspector">
      <div className="panel-bar">
        <span className="dim mono clip">{select}</span>
        <span className="spread row">
          <AddToCase items={things} name="what is selected" />
          <ActionIcon variant="default" aria-label="Close the inspector" onClick={close}>
            <Icon name="close" />
          </ActionIcon>
        </span>
      </div>
      <div className="panel-body">
        <ChangedSection of={select} />
        {details()}
      </div>
    </aside>
  )

  function details() {
    const hash = select.replace(/^(gap|run)-/, '')
    const link = chain.links.find((one) => one.hash === hash)
    if (link !== undefined) return <LinkDetails key={hash} link={link} links={chain.links} />
    const action = chain.actions.find(({ id }) => id === select)
    if (action !== undefined) return <ActionDetails action={action} />
    const approvals = chain.actions.flatMap((one) => one.approvals)
    const approval = approvals.find(({ id }) => id === select)
    if (approval !== undefined)
      return <ApprovalDetails approval={approval} actions={chain.actions} />
    const call = chain.actions.find(({ decisionRecords }) =>
      decisionRecords.some(({ id }) => id === select),
    )
    const decision = call?.decisionRecords.find(({ id }) => id === select)
    if (call !== undefined && decision !== undefined)
      return <DecisionDetails decision={decision} action={call} />
    const named = [...chain.links, ...approvals].find(({ withdrawals }) =>
      withdrawals.some((one) => one.hash === select),
    )
    const withdrawal = named?.withdrawals.find((one) => one.hash === select)
    if (named !== undefined && withdrawal !== undefined) {
      const holder = 'delegate' in named ? named.delegate : named.subject
      return <WithdrawalDetails withdrawal={withdrawal} holder={holder?.name} />
    }
    return <p>Nothing of this chain has this id.</p>
  }
}
