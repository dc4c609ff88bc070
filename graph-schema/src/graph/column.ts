export type ColumnType = 'text' | 'int' | 'flag' | 'json'

export interface Column {
  readonly type: ColumnType
  /** Looked up by value: has an index on every store. */
  readonly indexed?: true
  /** Says when we learned something, not what is true: left out when two graphs are compared. */
  readonly learned?: true
}

export interface NodeKindEntry {
  /** The column that identifies a node of this kind; always text and unique. */
  readonly key: string
  readonly columns: Readonly<Record<string, Column>>
}

export const text = { type: 'text' } as const
export const textIndexed = { type: 'text', indexed: true } as const
export const int = { type: 'int' } as const
export const intIndexed = { type: 'int', indexed: true } as const
export const flag = { type: 'flag' } as const
export const json = { type: 'json' } as const
export const learned = { type: 'int', learned: true } as const
