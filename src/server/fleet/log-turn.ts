import type { QuietproofError } from '../../errors/quietproof-error.ts';
import { type Database, LostCommit, type Sql, type Transaction } from './database.ts';
import { SCHEMA } from './schema.ts';

/** Milliseconds for which a server tries to learn whether a lost transaction was committed. */
const LEARN_FOR = 30_000;
const LEARN_EVERY = 200;

/** Where the log is. */
export interface LogPlace {
  readonly next: number;
  readonly lastTime: number;
}

/** The right to append once: the lock on the log's row, and a token that no other transaction has. */
export interface LogTurn extends LogPlace {
  readonly transaction: Transaction;
  readonly token: string;
}

interface PlaceRow {
  readonly next: string;
  readonly last_time: string;
}

/** @throws QP6571 */
export async function readPlace(sql: Sql): Promise<LogPlace> {
  const { rows } = await sql.query<PlaceRow>(`select next, last_time from ${SCHEMA}.log`);
  return placeOf(rows[0]!);
}

function placeOf({ next, last_time: lastTime }: PlaceRow): LogPlace {
  return { next: Number(next), lastTime: Number(lastTime) };
}

/** Waits for the turn, in a transaction that is committed or rolled back. @throws QP6571 */
export async function takeTurn(transaction: Transaction): Promise<LogTurn> {
  const { rows } = await transaction.query<PlaceRow & { writer_token: string }>(
    `update ${SCHEMA}.log set writer_token = nextval('${SCHEMA}.turn') returning writer_token, next, last_time`,
  );
  const [row] = rows;
  return { transaction, token: row!.writer_token, ...placeOf(row!) };
}

/** Moves the log on. @returns whether the turn is still this transaction's. @throws QP6571 */
export async function movePlace(turn: LogTurn, { next, lastTime }: LogPlace): Promise<boolean> {
  const { rowCount } = await turn.transaction.query(
    `update ${SCHEMA}.log set next = $1, last_time = $2 where writer_token = $3 and next = $4`,
    [next, lastTime, turn.token, turn.next],
  );
  return rowCount === 1;
}

/** Commits a turn that added these entries. @throws QP6571 if it is not committed, or nobody can tell for a long time */
export async function commitTurn(
  database: Database,
  { transaction }: LogTurn,
  entries: readonly { readonly index: number; readonly entry: string }[],
): Promise<void> {
  try {
    await transaction.commit();
  } catch (error) {
    const isLost = (error as QuietproofError).cause instanceof LostCommit;
    const [first] = entries;
    if (!isLost || first === undefined || !(await wasCommitted(database, first))) throw error;
  }
}

/** Whether the log has this entry: asked once no other transaction can add it any more. */
async function wasCommitted(
  database: Database,
  { index, entry }: { readonly index: number; readonly entry: string },
): Promise<boolean> {
  const end = performance.now() + LEARN_FOR;
  for (;;) {
    try {
      return await database.transaction(async (sql) => {
        // The lost transaction has the lock for as long as it is not ended.
        await sql.query(`select 1 from ${SCHEMA}.log for update`);
        const { rows } = await sql.query<{ text: string }>(
          `select text from ${SCHEMA}.entry where index = $1`,
          [index],
        );
        return rows[0]?.text === entry;
      });
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, LEARN_EVERY));
    }
  }
}
