import type { ErrorCode } from '../../errors/registry.ts';

/** Everything else is a failure of the server. */
const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  QP1117: 400,
  QP6201: 400,
  QP6551: 429,
  QP6552: 503,
  QP6556: 503,
  QP6560: 503,
  QP6571: 503,
  QP6575: 503,
  QP6577: 503,
  QP6558: 409,
  QP6559: 404,
  QP6581: 400,
  QP6582: 400,
  QP6583: 404,
  QP6584: 400,
  QP6585: 413,
  QP6586: 401,
  QP6587: 404,
  QP6588: 410,
  QP6589: 404,
};

/** The HTTP status of an error. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}
