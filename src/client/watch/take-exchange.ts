import { openEnvelopeV2, Refusal } from '@quietproof/verify';
import type { AlarmKind } from '../alarms/alarm-codes.ts';
import { type Message, readMessage, UnreadableMessage } from '../oip/read-message.ts';
import { type ReceivedReceipt, readReceipts } from '../oip/read-receipts.ts';
import { readOutputs, readRows } from '../oip/read-tensors.ts';
import type { WatchRecord } from '../store/watch-store.ts';
import { alarm, type WatchedLog, type WatchParts } from './parts.ts';
import { type ReceivedAnswer, type TakenAnswer, takeAnswer, takeUnexpected } from './take-answer.ts';
import type { Exchange } from './watch-types.ts';

const INFER = /\/v2\/models\/([^/?#]+)(?:\/versions\/[^/?#]+)?\/infer\/?(?:[?#].*)?$/;

/** The name of the model that answered, or undefined for what is no answer. */
export function answeringModel({ path, response }: Exchange): string | undefined {
  return response.status === 200 ? INFER.exec(path)?.[1] : undefined;
}

export interface TakenExchange {
  readonly records: readonly WatchRecord[];
  readonly answers: readonly TakenAnswer[];
  readonly alarmIds: readonly string[];
}

/**
 * Checks an answer with its request.
 *
 * @param log undefined if the endpoint does not say which log holds its answers
 */
export async function takeExchange(
  parts: WatchParts,
  log: WatchedLog | undefined,
  exchange: Exchange,
  name: string,
): Promise<TakenExchange> {
  const at = exchange.at === undefined ? parts.now() : exchange.at / 1000;
  const failed = (kind: AlarmKind, subject: string, detail: string): TakenExchange => {
    const told = alarm(parts, kind, { subject, detail, since: at });
    return { records: told === undefined ? [] : [told], answers: [], alarmIds: [`${kind}/${subject}`] };
  };
  try {
    const response = await readMessage(exchange.response.headers, exchange.response.body);
    const receipts = readReceipts(response.json);
    if (receipts === undefined) return failed('no-promise', name, `It is of the model named ${name}.`);
    if (receipts.length === 0) return failed('no-promise', name, 'The list of receipts is empty.');
    if (log === undefined)
      return failed('unreadable', 'log', 'The endpoint does not say which log holds its answers.');
    const request = await readMessage(exchange.request.headers, exchange.request.body);
    const answers = takeAll(parts, log, { exchange, request, response, receipts, at });
    const records = answers.flatMap((one) => one.records);
    return { records, answers, alarmIds: answers.flatMap((one) => one.alarmIds) };
  } catch (error) {
    if (error instanceof Refusal) return failed('wrong-promise', name, `${error.message}.`);
    if (error instanceof UnreadableMessage)
      return failed('unreadable', name, `An answer or its request: ${error.message}.`);
    throw error;
  }
}

interface ReadExchange {
  readonly exchange: Exchange;
  readonly request: Message;
  readonly response: Message;
  readonly receipts: readonly ReceivedReceipt[];
  readonly at: number;
}

function takeAll(
  parts: WatchParts,
  log: WatchedLog,
  { exchange, request, response, receipts, at }: ReadExchange,
): TakenAnswer[] {
  const context = contextOf(request, exchange.request.headers['x-context']);
  const authorized = exchange.authorized ?? exchange.request.headers.authorization !== undefined;
  const common = { context, at, exchange: exchange.id, authorized };
  // All rows are read before any is taken: what is taken is written.
  const read = receipts.map((receipt, k) => {
    const modelId = openEnvelopeV2(receipt.statement).statement.subject[0].digest.sha256;
    const model = parts.models.get(modelId);
    if (model === undefined) return { model, modelId, answer: { ...common, receipt, row: [], received: [] } };
    const rows = readRows(request, model.tensors);
    if (rows.length !== receipts.length) {
      throw new UnreadableMessage(`there are ${rows.length} rows and ${receipts.length} receipts`);
    }
    const received = readOutputs(response, model.tensors, rows.length).map(({ tensor, elements }) => {
      const each = elements.length / rows.length;
      return { tensor, elements: elements.slice(k * each, (k + 1) * each) };
    });
    const answer: ReceivedAnswer = { ...common, receipt, row: rows[k]!, received };
    return { model, modelId, answer };
  });
  return read.map(({ model, modelId, answer }) =>
    model === undefined ? takeUnexpected(parts, log, modelId, answer) : takeAnswer(parts, log, model, answer),
  );
}

/** As the server takes it: a parameter, or a header. */
function contextOf({ json }: Message, header: string | undefined): string {
  const { parameters } = json;
  const own =
    typeof parameters === 'object' && parameters !== null && 'context' in parameters
      ? parameters.context
      : undefined;
  return typeof own === 'string' ? own : (header ?? '');
}
