pragma circom 2.2.0;

/*
 * Compare: whether one value, plus a constant, is at least another.
 *
 * Proves   out[0] = 1 if (in[0] + leftBase) − (in[1] + rightBase) + offset ≥ 0, else 0; 0 where the ranges decide
 * Inputs   in: wires; the values are in[0] + leftBase and in[1] + rightBase
 * Params   constant: leftBase − rightBase + offset
 *          bits: the number N of bits of the difference + 2^(N−1), whose top bit is the answer; 0 if the proved ranges
 *          decide, and the value is then 0 + its proved minimum
 * Ranges   enforced for N ≥ 1: −2^(N−1) ≤ the difference < 2^(N−1); the generator proves that all inputs satisfy it
 * Output   0 or 1
 * Cost     N + 1; 0 if the ranges decide
 */
template Compare(constant, bits) {
    signal input in[2];
    signal output out[1];
    signal bit[bits];

    if (bits == 0) {
        out[0] <== 0;
    } else {
        var v = in[0] - in[1] + constant + 2 ** (bits - 1);
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
