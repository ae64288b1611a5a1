pragma circom 2.2.0;

/*
 * Threshold: whether a value is at least a constant.
 *
 * Proves   out[0] = 1 if in[0] + base ≥ threshold, else 0
 * Inputs   in: a wire; the value is in[0] + base
 * Params   bits: the number N of bits of in[0] + base − threshold + 2^(N−1), whose top bit is the answer; 0 if the
 *          proved range determines the answer, which is then `always`
 * Ranges   enforced for N ≥ 1: −2^(N−1) ≤ in[0] + base − threshold < 2^(N−1); the generator proves that all inputs
 *          satisfy it
 * Output   0 or 1
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
            // SAFETY: the next line makes it boolean; `sum === v` below then determines all N bits.
            bit[k] <-- (v >> k) & 1;
            bit[k] * (bit[k] - 1) === 0;
            sum += power * bit[k];
            power += power;
        }
        sum === v;
        out[0] <== bit[bits - 1];
    }
}
