/** The servers as a library: `quietproof/server`. */
export {
  type ContributorOptions,
  type RunningContributor,
  runContributor,
} from './contributor/run-contributor.ts';
export { type OpenedApp, type OpenOptions, openAnsweringApp, serveUntil } from './http/open-app.ts';
export { type BeaconAddress, BeaconClient, type BeaconSource } from './serve/beacon-client.ts';
export { Busy } from './serve/busy.ts';
export type * from './serve/endpoint.ts';
export { type EndpointOptions, openEndpoint } from './serve/open-endpoint.ts';
export type * from './serve/store/answer-store.ts';
