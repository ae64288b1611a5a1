import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';

export interface RecordingProxy {
  readonly url: string;
  /** What clients sent, in the order of their connections: one piece per burst. */
  readonly sent: () => Buffer[][];
  close(): void;
}

/** Forwards connections to a port of this machine, and keeps what clients send. */
export async function recordingProxy(port: number): Promise<RecordingProxy> {
  const connections: Buffer[][] = [];
  const server = createServer((client) => {
    const pieces: Buffer[] = [];
    connections.push(pieces);
    const upstream = connect(port, '127.0.0.1');
    let answering = true;
    client.on('data', (piece) => {
      // A request that follows an answer begins a new piece.
      if (answering) pieces.push(piece);
      else pieces[pieces.length - 1] = Buffer.concat([pieces.at(-1)!, piece]);
      answering = false;
    });
    upstream.on('data', () => {
      answering = true;
    });
    client.pipe(upstream).pipe(client);
    for (const end of [client, upstream]) end.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    sent: () => connections,
    close: () => server.close(),
  };
}
