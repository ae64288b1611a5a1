import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** Milliseconds after which an idle connection is closed here: servers close theirs after 5 s or more. */
const IDLE = 4000;

/** How requests are sent to an address: over connections that are kept, but not until the server closes one while it is used. */
export interface UpstreamClient {
  request(options: http.RequestOptions): http.ClientRequest;
  close(): void;
}

export function upstreamClient(upstream: URL): UpstreamClient {
  const { Agent, request } = upstream.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true });
  agent.on('free', (socket: Socket) => {
    if (socket.timeout === undefined || socket.timeout === 0 || socket.timeout > IDLE)
      socket.setTimeout(IDLE);
  });
  // An IPv6 address is in brackets in a URL only.
  const hostname = upstream.hostname.replace(/^\[(.*)\]$/, '$1');
  const { protocol, port } = upstream;
  return {
    request(options) {
      const sent = request({ ...options, agent, protocol, hostname, port });
      sent.on('socket', (socket: Socket) => socket.setTimeout(0));
      return sent;
    },
    close: () => agent.destroy(),
  };
}
