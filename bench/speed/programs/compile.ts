import type { InputMode } from '@quietproof/verify';
import { compileModel } from '#dist/index.js';
import { serve, timed } from './serve.ts';

// compile.js <model> <data> <artifact> <digest|public> [bits]: compiles a model and measures its soundness check separately.
const [model, calibration, out, input, width] = process.argv.slice(2) as [
  string,
  string,
  string,
  InputMode,
  string?,
];
const bits = width === undefined ? 'auto' : Number(width);

await serve({}, async () => {
  const steps: { step: string; at: number }[] = [];
  const onStep = (step: string) => steps.push({ step, at: performance.now() });
  const { value, ms } = await timed(() =>
    compileModel({ model, calibration, out, input, bits, acceptLoss: true, onStep }),
  );
  const soundness = steps.findIndex(({ step }) => step === 'soundness');
  const checkMs = soundness < 0 ? 0 : (steps[soundness + 1]?.at ?? performance.now()) - steps[soundness]!.at;
  return {
    compileSeconds: (ms - checkMs) / 1000,
    soundnessSeconds: checkMs / 1000,
    circomPeakRssBytes: value.circom.peakRssBytes,
  };
});
