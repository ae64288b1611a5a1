import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Endpoint, EndpointMetrics } from '../../serve/endpoint.ts';

/** By name without the prefix: what it means, and whether it only grows. docs/operator describes them. */
const METRICS: {
  readonly [K in keyof EndpointMetrics]: readonly [name: string, help: string, grows: boolean];
} = {
  answers: ['answers_total', 'Answers sealed and given', true],
  refused: ['answers_refused_total', 'Answers refused because proofs were too far behind', true],
  groups: ['seal_groups_total', 'Groups of answers made durable together', true],
  proved: ['proofs_total', 'Answers proved', true],
  failedProofs: ['proofs_failed_total', 'Attempts to prove that failed and are repeated', true],
  waiting: ['waiting', 'Answers waiting for a proof', false],
  oldestWaiting: ['oldest_waiting_seconds', 'Since the oldest waiting answer was due', false],
  proofSeconds: ['proof_seconds_total', 'Seconds of proving, each measured in its thread', true],
  logEntries: ['log_entries', 'Entries of the log', false],
  publishedEntries: ['log_published_entries', 'Entries that the checkpoint covers', false],
  clockBehind: ['clock_behind_seconds', 'By which the clock is behind the last entry', false],
};

/** Metrics for Prometheus, for those who may ask. */
export function addMetrics(
  app: FastifyInstance,
  endpoint: Endpoint,
  admit: (request: FastifyRequest) => void,
): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const [key, [name, help, grows]] of Object.entries(METRICS)) {
    const value = () => endpoint.metrics[key as keyof EndpointMetrics];
    const common = { name: `quietproof_${name}`, help, registers: [registry] };
    if (!grows) {
      new Gauge({
        ...common,
        collect() {
          this.set(value());
        },
      });
    } else {
      new Counter({
        ...common,
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    }
  }
  app.get('/metrics', async (request, reply) => {
    admit(request);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
