/** The servers as a library: `quietproof/server`. */
export {
  type ContributorOptions,
  type RunningContributor,
  runContributor,
} from './contributor/run-contributor.ts';
export { type OpenedApp, type OpenOptions, openAnsweringApp, serveUntil } from './http/open-app.ts';
export { Busy } from './serve/busy.ts';
export type * from './serve/endpoint.ts';
