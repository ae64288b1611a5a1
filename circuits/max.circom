pragma circom 2.2.0;

/*
 * Max: the largest value of each window, as a chain of contests between the kept one and the next candidate.
 *
 * Proves   out[o] = max_t (in[gather[o][t]] + base[gather[o][t]]) − outBase[o] over the first sizes[o] places
 * Inputs   in: wires, base: what each lacks to its value (the proved minimum of the value)
 * Params   outcome[o][t] says how place t ≥ 1 meets the kept value: 0 kept wins always, 1 the candidate wins always
 *          (both by proved ranges), N ≥ 2: compared by the N bits of kept − candidate + 2^(N−1), whose top bit is
 *          [kept ≥ candidate]; keptBase[o][t] is the proved minimum of the larger one
 * Ranges   enforced: |kept − candidate| < 2^(N−1) wherever compared; the generator proves it for all inputs
 * Cost     N + 2 a comparison; 1 an output whose last contest is not a comparison
 *
 * A place equal to `inputs` stands for an exact zero.
 */
template Max(inputs, outputs, taps, sizes, gather, base, outcome, keptBase, outBase) {
    var bitCount = 0;
    var contestCount = 0;
    for (var o = 0; o < outputs; o++) {
        for (var t = 1; t < sizes[o]; t++) {
            if (outcome[o][t] > 1) {
                bitCount += outcome[o][t];
                contestCount++;
            }
        }
    }

    signal input in[inputs];
    signal output out[outputs];
    signal bit[bitCount];
    signal larger[contestCount];

    var nextBit = 0;
    var next = 0;
    for (var o = 0; o < outputs; o++) {
        var kept = gather[o][0] < inputs ? in[gather[o][0]] + base[gather[o][0]] : 0;
        for (var t = 1; t < sizes[o]; t++) {
            var candidate = gather[o][t] < inputs ? in[gather[o][t]] + base[gather[o][t]] : 0;
            var N = outcome[o][t];
            if (N == 1) {
                kept = candidate;
            }
            if (N > 1) {
                var v = kept - candidate + 2 ** (N - 1);
                var sum = 0;
                var difference = 0;
                for (var k = 0; k < N; k++) {
                    // SAFETY: boolean by the next line; `sum === v` below leaves one value for all N bits.
                    bit[nextBit + k] <-- (v >> k) & 1;
                    bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
                    sum += 2 ** k * bit[nextBit + k];
                    if (k < N - 1) {
                        difference += 2 ** k * bit[nextBit + k];
                    }
                }
                sum === v;
                // Where the top bit is set, `difference` is kept − candidate.
                larger[next] <== bit[nextBit + N - 1] * difference + candidate - keptBase[o][t];
                kept = larger[next] + keptBase[o][t];
                nextBit += N;
                next++;
            }
        }
        out[o] <== kept - outBase[o];
    }
}
