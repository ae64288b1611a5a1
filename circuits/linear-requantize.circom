pragma circom 2.2.0;

include "dot.circom";

/*
 * LinearRequantize: an affine layer with constant weights, then rounding shift and activation.
 *
 * Proves   with v = bias[o] + Σ_t weights[r][t] · in[gather[p][t]] + Σ_d scales[d][o] · in[places[d][o]]
 *          (o = r·positions + p), each output wire is the function of v named by kind[o]:
 *            0 constant    out = 0
 *            1 linear      out = p·(v >> shift)
 *            2 clamp low   out = s·high                          (ReLU)
 *            3 clamp high  out = (1 − s)·(high + p) + s·q
 *            4 clamp both  out = s·min(high, p)
 *            5 leaky       out = (unit − p)·s·high + p·(high + (s − 1)·2^(bits−1−shift)) − q
 *          where v = Σ_k 2^k·bit_k over bits[o] bits, s is its top bit, and high = Σ 2^(k−shift)·bit_k over
 *          shift ≤ k < bits[o] − 1.
 * Inputs   in: wires; bases, the offset that makes v ≥ 0 and the rounding half are folded into bias
 * Ranges   enforced: 0 ≤ v < 2^bits[o] wherever bits[o] > 0, and with the proved range of v below r the bits are
 *          those of the one integer v (bits[o] ≤ 53). Assumed: nothing; an input out of range has no witness.
 * Cost     kinds 2, 3, 5: bits + 2; kind 1: bits + 2 (1 where shift = 0); kind 4: bits + 3 + comparison; kind 0: 0
 *
 * A place equal to `inputs` stands for an exact zero.
 */
template LinearRequantize(
    inputs, rows, positions, taps, weights, gather, diagonals, scales, places, bias,
    shift, unit, kind, bits, p, q
) {
    var outputs = rows * positions;
    var bitCount = 0;
    var comparisonCount = 0;
    var excessCount = 0;
    for (var o = 0; o < outputs; o++) {
        bitCount += bits[o];
        if (kind[o] == 4) {
            comparisonCount += bits[o] - 2 - shift - trailingZeros(p[o]);
            excessCount += 1;
        }
    }

    signal input in[inputs];
    signal output out[outputs];
    signal bit[bitCount];
    signal comparison[comparisonCount];
    signal excess[excessCount];

    var nextBit = 0;
    var nextComparison = 0;
    var nextExcess = 0;
    for (var r = 0; r < rows; r++) {
        for (var position = 0; position < positions; position++) {
            var o = r * positions + position;
            var N = bits[o];
            if (kind[o] == 0) {
                out[o] <== 0;
            } else {
                var window[taps];
                for (var t = 0; t < taps; t++) {
                    window[t] = gather[position][t] < inputs ? in[gather[position][t]] : 0;
                }
                var v = dot(taps, weights[r], window) + bias[o];
                for (var d = 0; d < diagonals; d++) {
                    if (places[d][o] < inputs) {
                        v += scales[d][o] * in[places[d][o]];
                    }
                }
                if (N == 0) {
                    out[o] <== p[o] * v;
                } else {
                    var sum = 0;
                    var high = 0;
                    for (var k = 0; k < N; k++) {
                        // SAFETY: boolean by the next line; `sum === v` below leaves one value for all N bits.
                        bit[nextBit + k] <-- (v >> k) & 1;
                        bit[nextBit + k] * (bit[nextBit + k] - 1) === 0;
                        sum += 2 ** k * bit[nextBit + k];
                        if (k >= shift && k < N - 1) {
                            high += 2 ** (k - shift) * bit[nextBit + k];
                        }
                    }
                    sum === v;
                    var top = bit[nextBit + N - 1];
                    if (kind[o] == 1) {
                        out[o] <== p[o] * (high + 2 ** (N - 1 - shift) * top);
                    } else if (kind[o] == 2) {
                        out[o] <== top * high;
                    } else if (kind[o] == 3) {
                        out[o] <== (1 - top) * (high + p[o]) + q[o] * top;
                    } else if (kind[o] == 5) {
                        out[o] <== (unit - p[o]) * top * high + p[o] * (high + 2 ** (N - 1 - shift) * (top - 1)) - q[o];
                    } else {
                        // reached = [the high bits seen so far ≥ those of p]; below p's lowest set bit it is 1.
                        var zeros = trailingZeros(p[o]);
                        var reached = bit[nextBit + shift + zeros];
                        for (var k = zeros + 1; k < N - 1 - shift; k++) {
                            var b = bit[nextBit + shift + k];
                            if ((p[o] >> k) & 1 == 1) {
                                comparison[nextComparison] <== b * reached;
                            } else {
                                comparison[nextComparison] <== b + reached - b * reached;
                            }
                            reached = comparison[nextComparison];
                            nextComparison++;
                        }
                        excess[nextExcess] <== reached * (high - p[o]);
                        out[o] <== top * (high - excess[nextExcess]);
                        nextExcess++;
                    }
                }
                nextBit += N;
            }
        }
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
