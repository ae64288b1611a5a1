import { randomUUID } from 'node:crypto';
import type { AskedMark, DrawnMark, MarkRecord, RevealedMark } from '../serve/store/answer-store.ts';
import type { Lane } from '../serve/work-queue.ts';
import type { Sql } from './database.ts';
import type { ProofQueue } from './queue.ts';
import { SCHEMA } from './schema.ts';

/** Has marks take effect: answers are due, or decided. @throws QP6571 */
export async function applyMarks(sql: Sql, queue: ProofQueue, marks: readonly MarkRecord[]): Promise<void> {
  for (const mark of marks) await applyMark(sql, queue, mark);
}

async function applyMark(sql: Sql, queue: ProofQueue, mark: MarkRecord): Promise<void> {
  const { time } = mark;
  if (mark.kind === 'asked') return setLane(sql, queue, mark.answer, 'asked', time);
  if (mark.kind === 'revealed') {
    const { rowCount } = await sql.query(
      `update ${SCHEMA}.answer set decided = true where index = $1 and not decided`,
      [mark.answer],
    );
    if (rowCount === 1 && mark.drawn) await setLane(sql, queue, mark.answer, 'drawn', time);
    return;
  }
  const { modelId, beacon, round, last, answers } = mark;
  await sql.query(
    `update ${SCHEMA}.answer set decided = true
     where model_id = $1 and beacon = $2 and round = $3 and index <= $4 and not decided`,
    [modelId, beacon, round, last],
  );
  for (const index of answers) await setLane(sql, queue, index, 'drawn', time);
}

interface DueRow {
  readonly model_id: string;
  readonly job: string | null;
  readonly lane: Lane | null;
  readonly dead: unknown;
}

/** Has an answer proved, or proved earlier. What was asked for stays so; what was given up is tried again. */
async function setLane(
  sql: Sql,
  queue: ProofQueue,
  index: number,
  lane: Exclude<Lane, 'policy'>,
  time: number,
): Promise<void> {
  const { rows } = await sql.query<DueRow>(
    `select model_id, job, lane, dead from ${SCHEMA}.answer where index = $1 and not proved for update`,
    [index],
  );
  const [found] = rows;
  if (found === undefined || (found.lane === 'asked' && found.dead === null)) return;
  const isNew = found.job === null || found.dead !== null;
  const job = isNew ? randomUUID() : found.job!;
  await sql.query(
    `update ${SCHEMA}.answer set lane = $2, since = coalesce(since, $3), job = $4, dead = null where index = $1`,
    [index, found.lane === 'asked' ? 'asked' : lane, time, job],
  );
  if (isNew) await queue.add(sql, found.model_id, [{ id: job, index, lane }]);
  else await queue.hasten(sql, found.model_id, job, lane);
}

/** Columns that marks have changed. */
export interface StateRow {
  readonly index: string;
  readonly model_id: string;
  readonly lane: Lane | null;
  readonly since: string | null;
  readonly decided: boolean;
  readonly beacon: string | null;
  readonly round: string | null;
}

/** The marks that have led to a state. */
export function marksOf(row: StateRow): MarkRecord[] {
  const [modelId, answer, time] = [row.model_id, Number(row.index), Number(row.since ?? 0)];
  const own = { modelId, time };
  const marks: MarkRecord[] = [];
  const drawn = row.lane === 'drawn';
  if (row.decided && row.beacon !== null) {
    const { beacon, round } = row;
    const answers = drawn ? [answer] : [];
    marks.push({
      kind: 'drawn',
      ...own,
      beacon,
      round: Number(round),
      last: answer,
      answers,
    } satisfies DrawnMark);
  } else if (row.decided) marks.push({ kind: 'revealed', ...own, answer, drawn } satisfies RevealedMark);
  if (row.lane === 'asked') marks.push({ kind: 'asked', ...own, answer } satisfies AskedMark);
  return marks;
}
