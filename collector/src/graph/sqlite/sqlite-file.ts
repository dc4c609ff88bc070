import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { migrationDigest, sqliteMigrations } from '../migrations.ts'
import { damaged, sqliteError } from './sqlite-error.ts'

/** Marks a database file as ours: `dgrf`. */
const APPLICATION_ID = 0x64677266
const MAX_STATEMENTS = 500

/**
 * Keys are digests, so writes touch pages all over the indexes: with room for them in memory and
 * fewer checkpoints the same load takes about half the time.
 */
const SETTINGS = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000`

const RECORDED =
  'CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT, WITHOUT ROWID'

/**
 * Whether a file has the form that this version works with: another one is emptied by `init`. Changes
 * nothing.
 *
 * @throws StoreError as opening does
 */
export function isSqliteGraphCurrent(file: string): boolean {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
    try {
      const [tables] = sqliteMigrations()
      const row = db.prepare('SELECT digest FROM migration WHERE id = ?').get(tables?.id ?? '')
      return tables !== undefined && row?.['digest'] === migrationDigest(tables)
    } finally {
      db.close()
    }
  } catch (cause) {
    // No such table: it was begun and never made.
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === 1) return false
    throw sqliteError(file, cause)
  }
}

/** One open database file: its form, its transactions and its prepared statements. */
export class SqliteFile implements Disposable {
  readonly #file: string
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#file = file
    try {
      this.#db = new DatabaseSync(file, { timeout: 5_000 })
    } catch (cause) {
      throw sqliteError(file, cause)
    }
    try {
      this.#db.exec(SETTINGS)
      this.#refuseForeign()
    } catch (cause) {
      this.#db.close()
      throw sqliteError(file, cause)
    }
  }

  /** Runs `work` with errors in our words. */
  guard<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw sqliteError(this.#file, cause)
    }
  }

  /** All of `work` or nothing of it. */
  transaction<T>(work: () => T): T {
    return this.guard(() => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        this.#db.exec('COMMIT')
        return result
      } catch (error) {
        // A full disk or a damaged page has ended the transaction already.
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
        throw error
      }
    })
  }

  prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear()
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /**
   * Applies the migrations that are not recorded. Tables of another form are not altered but
   * emptied: the position goes back to 0 and the journal fills them again.
   */
  migrate(): void {
    this.transaction(() => {
      const applied = this.#applied()
      const [tables, ...rest] = sqliteMigrations()
      if (tables === undefined) return
      const same = applied.get(tables.id) === migrationDigest(tables)
      if (!same) this.#dropTables()
      this.#db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
      this.#db.exec(RECORDED)
      for (const migration of same ? rest : [tables, ...rest]) {
        const digest = migrationDigest(migration)
        if (same && applied.get(migration.id) === digest) continue
        for (const statement of migration.statements) this.#db.exec(statement)
        this.#db
          .prepare('INSERT OR REPLACE INTO migration (id, digest) VALUES (?, ?)')
          .run(migration.id, digest)
      }
    })
  }

  /** Removes every row and makes the tables anew. */
  empty(): void {
    this.transaction(() => this.#dropTables())
    this.migrate()
  }

  /** Proves that the file can be read and written, and leaves it as it was. */
  probe(): void {
    this.guard(() => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        this.#db.exec('CREATE TABLE probe (x)')
      } finally {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      }
    })
  }

  [Symbol.dispose](): void {
    this.#statements.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  /** Another program's database is not ours to change, let alone to empty. */
  #refuseForeign(): void {
    const row = this.#db.prepare('PRAGMA application_id').get()
    const id = Number(row?.['application_id'] ?? 0)
    if (id === APPLICATION_ID) return
    const names = this.#tables()
    if (id !== 0 || (names.length > 0 && !names.includes('Evidence'))) throw damaged(this.#file)
  }

  #applied(): ReadonlyMap<string, string> {
    if (!this.#tables().includes('migration')) return new Map()
    const rows = this.#db.prepare('SELECT id, digest FROM migration').all()
    return new Map(rows.map((row) => [String(row['id']), String(row['digest'])]))
  }

  #dropTables(): void {
    this.#statements.clear()
    for (const name of this.#tables()) this.#db.exec(`DROP TABLE "${name.replaceAll('"', '""')}"`)
  }

  #tables(): string[] {
    return this.#db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map((row) => String(row['name']))
  }
}
