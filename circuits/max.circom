pragma circom 2.2.0;

/*
 * Max: the largest value of one window, as a chain of contests between the kept one and the next candidate.
 *
 * Proves   out[0] = max_t (in[t] + base[t]) − outBase
 * Inputs   in: wires, base: what each lacks to its value (the proved minimum of the value)
 * Params   outcome[t] says how place t ≥ 1 meets the kept value: 0 kept wins always, 1 the candidate wins always
 *          (both by proved ranges), N ≥ 2: compared by the N bits of kept − candidate + 2^(N−1), whose top bit is
 *          [kept ≥ candidate]; keptBase[t] is the proved minimum of the larger one
 * Ranges   enforced: |kept − candidate| < 2^(N−1) wherever compared; the generator proves it for all inputs
 * Cost     N + 2 a comparison
 */
template Max(taps, base, outcome, keptBase, outBase) {
    var bitCount = 0;
    var contestCount = 0;
    for (var t = 1; t < taps; t++) {
        if (outcome[t] > 1) {
            bitCount += outcome[t];
            contestCount++;
        }
    }

    signal input in[taps];
    signal output out[1];
    signal bit[bitCount];
    signal larger[contestCount];

    var nextBit = 0;
    var next = 0;
    var kept = in[0] + base[0];
    for (var t = 1; t < taps; t++) {
        var candidate = in[t] + base[t];
        var N = outcome[t];
        if (N == 1) {
            kept = candidate;
        }
        if (N > 1) {
            var v = kept - candidate + 2 ** (N - 1);
            var sum = 0;
            var difference = 0;
            var power = 1;
            for (var k = 0; k < N; k++) {
                // SAFETY: boolean by the next line; `sum === v` below leaves one value for all N bits.
                bit[nextBit + k] <-- (v >> k) & 1;
                bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
                sum += power * bit[nextBit + k];
                if (k < N - 1) {
                    difference += power * bit[nextBit + k];
                }
                power += power;
            }
            sum === v;
            // Where the top bit is set, `difference` is kept − candidate.
            larger[next] <== bit[nextBit + N - 1] * difference + candidate - keptBase[t];
            kept = larger[next] + keptBase[t];
            nextBit += N;
            next++;
        }
    }
    out[0] <== kept - outBase;
}
