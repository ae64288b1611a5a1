pragma circom 2.2.0;

/*
 * Max: the largest value of one window. The values are compared in order; `kept` is the largest so far.
 *
 * Proves   out[0] = max_t (in[t] + base[t]) − outBase
 * Inputs   in: wires; value t is in[t] + base[t], where base[t] is its proved minimum
 * Params   outcome[t], t ≥ 1: how value t, the candidate, compares with `kept`:
 *            0      kept ≥ candidate for all inputs (by proved ranges)
 *            1      kept ≤ candidate for all inputs (by proved ranges)
 *            N ≥ 2  decided by the N bits of kept − candidate + 2^(N−1): the top bit is [kept ≥ candidate]
 *          keptBase[t]: the proved minimum of the larger of the two; outBase: that of the maximum
 * Ranges   enforced: −2^(N−1) ≤ kept − candidate < 2^(N−1) in every comparison; the generator proves that all inputs
 *          satisfy it
 * Cost     N + 2 per comparison
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
                // SAFETY: the next line makes it boolean; `sum === v` below then determines all N bits.
                bit[nextBit + k] <-- (v >> k) & 1;
                bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
                sum += power * bit[nextBit + k];
                if (k < N - 1) {
                    difference += power * bit[nextBit + k];
                }
                power += power;
            }
            sum === v;
            // If the top bit is 1, `difference` is kept − candidate.
            larger[next] <== bit[nextBit + N - 1] * difference + candidate - keptBase[t];
            kept = larger[next] + keptBase[t];
            nextBit += N;
            next++;
        }
    }
    out[0] <== kept - outBase;
}
