/** Rows of a table as RFC 4180 text. A cell that a spreadsheet would run as a formula is made text. */
export function asCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  const line = (cells: readonly unknown[]): string => `${cells.map(cell).join(',')}\r\n`
  return line(columns) + rows.map((row) => line(columns.map((name) => row[name]))).join('')
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : textOf(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Offers a text as a file, made here: nothing is sent anywhere. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  URL.revokeObjectURL(url)
}
