import type { Endpoint, SealedAnswer, ServedModel } from '../../serve/endpoint.ts';
import type { AnsweringModel } from '../answering-models.ts';
import type { OipOptions } from '../oip/routes.ts';

/**
 * Answers that are sealed before they are sent. The parameter `receipts` of a response is JSON: for each row what
 * `checkPromise` takes, and the output signals. Requests with one row have its receipt in headers too.
 */
export function sealAnswers(endpoint: Endpoint): OipOptions['answer'] {
  return async ({ model, rows, context = new Uint8Array() }) => {
    const served = servedBy(endpoint, model);
    const sealed = await Promise.all(rows.map((row) => endpoint.answer({ model: served, row, context })));
    return {
      signals: sealed.map(({ outputs }) => outputs),
      parameters: { receipts: JSON.stringify(sealed.map(receiptOf)) },
      headers: sealed.length === 1 ? headersOf(sealed[0]!) : {},
    };
  };
}

function servedBy(endpoint: Endpoint, { answerer }: AnsweringModel): ServedModel {
  const { modelId } = answerer.model.ids;
  // Both are opened with the same artifacts; one that was retired meanwhile is refused by the endpoint.
  const found = endpoint.models.find((own) => own.modelId === modelId);
  if (found === undefined) throw new Error('the endpoint does not serve a model of this server');
  return found;
}

function receiptOf({ receiptId, index, outputs, promise, statement, nonce, salt }: SealedAnswer): object {
  return {
    receiptId,
    index,
    outputs: outputs.map(String),
    promise,
    statement,
    nonce,
    ...(salt !== undefined && { salt }),
  };
}

function headersOf({ receiptId }: SealedAnswer): Record<string, string> {
  return { 'X-Receipt-Id': receiptId, Link: `</v2/proofs/${receiptId}>; rel="proof"` };
}
