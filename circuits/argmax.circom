pragma circom 2.2.0;

/*
 * Argmax: the lowest index of the largest of n values. The values are compared in order; `kept` is the largest so far.
 *
 * Proves   out[0] = min { i : in[i] + base[i] = max_j (in[j] + base[j]) }
 * Inputs   in: wires; value i is in[i] + base[i]
 * Params   outcome[i], i ≥ 1: how value i, the candidate, compares with `kept`:
 *            0      kept ≥ candidate for all inputs (by proved ranges)
 *            1      kept < candidate for all inputs (by proved ranges)
 *            N ≥ 2  decided by the N bits of kept − candidate + 2^(N−1): the top bit is [kept ≥ candidate], so a tie
 *                   keeps the lower index
 *          keptBase[i]: the proved minimum of the larger of the two
 * Ranges   enforced: −2^(N−1) ≤ kept − candidate < 2^(N−1) in every comparison; the generator proves that all inputs
 *          satisfy it
 * Output   0 ≤ out[0] < n
 * Cost     N + 3 per comparison: N bits, their sum, the larger value, its index. The last comparison needs no larger
 *          value; an index chosen between two constants is linear in the bit and needs no wire
 */
template Argmax(n, base, outcome, keptBase) {
    var bitCount = 0;
    var largerCount = 0;
    var indexCount = 0;
    var isConstant = 1;
    for (var i = 1; i < n; i++) {
        if (outcome[i] == 1) {
            isConstant = 1;
        }
        if (outcome[i] > 1) {
            bitCount += outcome[i];
            largerCount += i < n - 1 ? 1 : 0;
            indexCount += isConstant ? 0 : 1;
            isConstant = 0;
        }
    }

    signal input in[n];
    signal output out[1];
    signal bit[bitCount];
    signal larger[largerCount];
    signal index[indexCount];

    var nextBit = 0;
    var nextLarger = 0;
    var nextIndex = 0;
    isConstant = 1;
    var kept = in[0] + base[0];
    var place = 0;
    for (var i = 1; i < n; i++) {
        var candidate = in[i] + base[i];
        var N = outcome[i];
        if (N == 1) {
            kept = candidate;
            place = i;
            isConstant = 1;
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
            if (i < n - 1) {
                larger[nextLarger] <== bit[nextBit + N - 1] * difference + candidate - keptBase[i];
                kept = larger[nextLarger] + keptBase[i];
                nextLarger++;
            }
            if (isConstant) {
                place = (place - i) * bit[nextBit + N - 1] + i;
            } else {
                index[nextIndex] <== bit[nextBit + N - 1] * (place - i) + i;
                place = index[nextIndex];
                nextIndex++;
            }
            isConstant = 0;
            nextBit += N;
        }
    }
    out[0] <== place;
}
