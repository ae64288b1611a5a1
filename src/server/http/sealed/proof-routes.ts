import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { QuietproofError } from '../../../errors/quietproof-error.ts';
import { readPageAssets } from '../../../export/browser/page-assets.ts';
import { pageHtml } from '../../../export/browser/page-html.ts';
import type { Endpoint, Receipt } from '../../serve/endpoint.ts';

type ReceiptRequest = FastifyRequest<{ Params: { readonly id: string } }>;

/** A bundle never changes once it is there. */
const FOREVER = 'public, max-age=31536000, immutable';

/** Proofs by receipt id, as bundles for programs and as pages for people. */
export function addProofs(
  app: FastifyInstance,
  endpoint: Endpoint,
  admit: (request: FastifyRequest) => void,
): void {
  app.get('/v2/proofs/:id', async (request: ReceiptRequest, reply) =>
    sendReceipt(reply, requireKnown(await endpoint.receipt(idOf(request)))),
  );
  app.post('/v2/proofs/:id', async (request: ReceiptRequest, reply) => {
    admit(request);
    return sendReceipt(reply, requireKnown(await endpoint.ask(idOf(request))));
  });
  app.post('/v2/proofs/:id/reveal', async (request: ReceiptRequest, reply) => {
    admit(request);
    const revealed = await endpoint.reveal(idOf(request), randomnessOf(request));
    if (revealed === undefined) throw new QuietproofError('QP6587');
    return reply.send({ drawn: revealed.drawn, state: revealed.receipt.state });
  });
  app.get('/receipts/:id', async (request: ReceiptRequest, reply) => {
    const receipt = requireKnown(await endpoint.receipt(idOf(request)));
    if (receipt.state !== 'proved') return sendReceipt(reply, receipt);
    const bundle = new TextEncoder().encode(receipt.bundle);
    const html = pageHtml({ bundle }, await readPageAssets());
    return reply.type('text/html; charset=utf-8').header('Cache-Control', FOREVER).send(html);
  });
}

/** @throws QP6587 */
function idOf({ params }: ReceiptRequest): string {
  if (/^[0-9a-f]{64}$/.test(params.id)) return params.id;
  throw new QuietproofError('QP6587');
}

/** @throws QP6587; QP6588 for what was erased */
function requireKnown(receipt: Receipt | undefined): Exclude<Receipt, { readonly state: 'expired' }> {
  if (receipt === undefined) throw new QuietproofError('QP6587');
  if (receipt.state === 'expired') throw new QuietproofError('QP6588');
  return receipt;
}

function sendReceipt(reply: FastifyReply, receipt: ReturnType<typeof requireKnown>): FastifyReply {
  if (receipt.state === 'proved') {
    return reply.type('application/json').header('Cache-Control', FOREVER).send(receipt.bundle);
  }
  const { state, modelId, index, time, expires } = receipt;
  const common = { state, modelId, index, time, expires };
  reply.status(202).header('Cache-Control', 'no-store');
  if (receipt.state === 'sealed') return reply.send(common);
  reply.header('Retry-After', Math.max(1, Math.ceil(receipt.retryAfter)));
  const { place, givenUp } = receipt;
  return reply.send({ ...common, place, ...(givenUp !== undefined && { givenUp }) });
}

/** 32 bytes in hex, as the body. @throws QP6581 */
function randomnessOf({ body }: FastifyRequest): Uint8Array {
  const text = Buffer.isBuffer(body) ? body.toString('latin1').trim() : '';
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new QuietproofError('QP6581', { what: 'The body is not 32 bytes of randomness in lower-case hex' });
}
