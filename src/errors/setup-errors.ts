import { type ErrorSpec, EXIT } from './error-spec.ts';

/**
 * Codes QP5xxx: proving keys, ceremony files, contributions, and the binary files that keys are made from.
 * 500x ceremony files, 501x other binary files, 502x keys, 503x artifacts and requests.
 */
export const setupErrors = {
  QP5001: { title: 'The ceremony file cannot be parsed', exit: EXIT.badInput },
  QP5002: { title: 'The ceremony file is too small for this circuit', exit: EXIT.badInput },
  QP5003: { title: 'The ceremony file is not prepared for phase 2', exit: EXIT.badInput },
  QP5004: { title: 'The ceremony file is for another curve', exit: EXIT.badInput },
  QP5005: { title: 'The points of the ceremony file are inconsistent', exit: EXIT.badInput },
  QP5011: { title: 'The constraint system (.r1cs) cannot be parsed', exit: EXIT.badInput },
  QP5012: { title: 'The witness file (.wtns) cannot be parsed', exit: EXIT.badInput },
  QP5013: { title: 'The proving key (.zkey) cannot be parsed', exit: EXIT.badInput },
  QP5014: { title: 'The circuit is too large for Groth16 on this curve', exit: EXIT.badInput },
  QP5021: { title: 'The proving key belongs to another circuit', exit: EXIT.badInput },
  QP5022: { title: 'The key is unsafe: anyone could forge proofs under it', exit: EXIT.badInput },
  QP5023: { title: 'The key failed its trial proofs', exit: EXIT.badInput },
  QP5024: { title: "The key's contributions are inconsistent", exit: EXIT.badInput },
  QP5031: { title: 'The artifact has no key for this operation', exit: EXIT.badInput },
  QP5032: { title: 'A development key cannot take part in a ceremony', exit: EXIT.badInput },
  QP5033: { title: 'The folder is not a compiled artifact', exit: EXIT.badInput },
  QP5034: { title: "The contributor's name cannot be used", exit: EXIT.badInput },
  QP5035: { title: "The artifact's setup record cannot be parsed", exit: EXIT.badInput },
  QP5036: { title: 'The artifact has a key already', exit: EXIT.badInput },
  QP5037: { title: 'The beacon cannot be used', exit: EXIT.badInput },
  QP5038: { title: 'The ceremony cannot end now', exit: EXIT.badInput },
  QP5039: { title: "The key is an earlier stage of the artifact's ceremony", exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
