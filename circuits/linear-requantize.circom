pragma circom 2.2.0;

include "dot.circom";

/*
 * LinearRequantize: an affine layer with constant weights at one position, then rounding shift and activation.
 *
 * Proves   with v = bias[r] + Σ_t weights[r][t] · in[t] + Σ_d scales[d][r] · in[taps + d·rows + r], each output
 *          wire is the function of v named by kind[r]:
 *            0 constant    out = 0
 *            1 linear      out = p·(v >> shift)
 *            2 clamp low   out = s·high                          (ReLU)
 *            3 clamp high  out = (1 − s)·(high + p) + s·q
 *            4 clamp both  out = s·min(high, p)
 *            5 leaky       out = (unit − p)·s·high + p·(high + (s − 1)·2^(bits−1−shift)) − q
 *          where v = Σ_k 2^k·bit_k over bits[r] bits, s is its top bit, and high = Σ 2^(k−shift)·bit_k over
 *          shift ≤ k < bits[r] − 1.
 * Inputs   in: wires; bases, the offset that makes v ≥ 0 and the rounding half are folded into bias
 * Ranges   enforced: 0 ≤ v < 2^bits[r] wherever bits[r] > 0. The bits are those of one integer because the proved
 *          range of v lies far below the field's order (bits[r] ≤ 53). An input out of range has no witness.
 * Cost     kinds 2, 3, 5: bits + 2; kind 1: bits + 2 (1 where shift = 0); kind 4: bits + 3 + comparison; kind 0: 0
 */
template LinearRequantize(rows, taps, weights, diagonals, scales, bias, shift, unit, kind, bits, p, q) {
    var bitCount = 0;
    var comparisonCount = 0;
    var excessCount = 0;
    for (var r = 0; r < rows; r++) {
        bitCount += bits[r];
        if (kind[r] == 4) {
            comparisonCount += bits[r] - 2 - shift - trailingZeros(p[r]);
            excessCount += 1;
        }
    }

    signal input in[taps + diagonals * rows];
    signal output out[rows];
    signal bit[bitCount];
    signal comparison[comparisonCount];
    signal excess[excessCount];

    var nextBit = 0;
    var nextComparison = 0;
    var nextExcess = 0;
    for (var r = 0; r < rows; r++) {
        var N = bits[r];
        var v = bias[r];
        if (taps > 0) {
            v += dot(taps, weights[r], in);
        }
        for (var d = 0; d < diagonals; d++) {
            v += scales[d][r] * in[taps + d * rows + r];
        }

        var sum = 0;
        var high = 0;
        var power = 1;
        var highPower = 1;
        for (var k = 0; k < N; k++) {
            // SAFETY: boolean by the next line; `sum === v` below leaves one value for all N bits.
            bit[nextBit + k] <-- (v >> k) & 1;
            bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
            sum += power * bit[nextBit + k];
            power += power;
            if (k >= shift && k < N - 1) {
                high += highPower * bit[nextBit + k];
                highPower += highPower;
            }
        }
        if (N > 0) {
            sum === v;
        }

        // highPower is now 2^(N − 1 − shift), the weight of the top bit.
        if (kind[r] == 0) {
            out[r] <== 0;
        } else if (N == 0) {
            out[r] <== p[r] * v;
        } else {
            var top = bit[nextBit + N - 1];
            if (kind[r] == 1) {
                out[r] <== p[r] * (high + highPower * top);
            } else if (kind[r] == 2) {
                out[r] <== top * high;
            } else if (kind[r] == 3) {
                out[r] <== (1 - top) * (high + p[r]) + q[r] * top;
            } else if (kind[r] == 5) {
                out[r] <== (unit - p[r]) * top * high + p[r] * (high + highPower * (top - 1)) - q[r];
            } else {
                // reached = [the high bits seen so far ≥ those of p]; below p's lowest set bit it is 1.
                var zeros = trailingZeros(p[r]);
                var reached = bit[nextBit + shift + zeros];
                for (var k = zeros + 1; k < N - 1 - shift; k++) {
                    var b = bit[nextBit + shift + k];
                    if ((p[r] >> k) & 1 == 1) {
                        comparison[nextComparison] <== b * reached;
                    } else {
                        comparison[nextComparison] <== b + reached - b * reached;
                    }
                    reached = comparison[nextComparison];
                    nextComparison++;
                }
                excess[nextExcess] <== reached * (high - p[r]);
                out[r] <== top * (high - excess[nextExcess]);
                nextExcess++;
            }
        }
        nextBit += N;
    }
}

/* The place of the lowest set bit of a positive integer. */
function trailingZeros(value) {
    var zeros = 0;
    while ((value >> zeros) & 1 == 0) {
        zeros++;
    }
    return zeros;
}
