import { TextInput } from '@mantine/core'
import { Fragment, useState } from 'react'
import { QUESTIONS } from '../../../app/questions/questions.ts'
import { Icon } from '../../../shared/icon.tsx'
import './library.css'
import { QuestionRow } from './question-row.tsx'
import { questionsWith } from './questions-with.ts'

/** The questions that are kept, by folder: each lacks one thing, and is asked once that is named. */
export function Library({
  find,
  setFind,
}: {
  readonly find: string
  readonly setFind: (find: string) => void
}) {
  const [open, setOpen] = useState<string>()
  const found = questionsWith(QUESTIONS, find)
  const only = found.length === 1 ? found[0]?.name : undefined
  return (
    <section className="panel library" aria-labelledby="library-title">
      <div className="library-head">
        <h2 id="library-title">Questions</h2>
        <TextInput
          size="xs"
          aria-label="Find a question"
          placeholder="Find a question"
          leftSection={<Icon name="search" />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <span className="dim" role="status">
          {found.length === QUESTIONS.length ? '' : `${found.length} of ${QUESTIONS.length}`}
        </span>
      </div>
      {found.length === 0 ? (
        <p className="dim library-none">No kept question has these words.</p>
      ) : null}
      {[...Map.groupBy(found, ({ folder }) => folder)].map(([folder, questions]) => (
        <Fragment key={folder}>
          <h3>{folder}</h3>
          <ul>
            {questions.map((question) => (
              <QuestionRow
                key={question.name}
                question={question}
                isOpen={question.name === (open ?? only)}
                toggle={() => setOpen(question.name === (open ?? only) ? '' : question.name)}
              />
            ))}
          </ul>
        </Fragment>
      ))}
    </section>
  )
}
