pragma circom 2.2.0;

/*
 * Threshold: whether a value reaches a constant.
 *
 * Proves   out[0] = 1 if in[0] + base ≥ threshold, else 0
 * Inputs   in: a wire, base: what it lacks to its value
 * Params   bits: width N of in[0] + base − threshold + 2^(N−1), whose top bit is the answer; 0 where the proved range
 *          decides beforehand, and the answer is `always`
 * Ranges   enforced: |in[0] + base − threshold| < 2^(N−1); the generator proves it for all inputs
 * Output   boolean
 * Cost     N + 1
 */
template Threshold(base, threshold, bits, always) {
    signal input in[1];
    signal output out[1];
    signal bit[bits];

    if (bits == 0) {
        out[0] <== always;
    } else {
        var v = in[0] + base - threshold + 2 ** (bits - 1);
        var sum = 0;
        var power = 1;
        for (var k = 0; k < bits; k++) {
            // SAFETY: boolean by the next line; `sum === v` below leaves one value for all N bits.
            bit[k] <-- (v >> k) & 1;
            bit[k] * (bit[k] - 1) === 0;
            sum += power * bit[k];
            power += power;
        }
        sum === v;
        out[0] <== bit[bits - 1];
    }
}
