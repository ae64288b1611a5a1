/** The servers as a library: `quietproof/server`. */
export { Busy } from './serve/busy.ts';
export type * from './serve/endpoint.ts';
