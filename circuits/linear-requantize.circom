pragma circom 2.2.0;

include "dot.circom";

/*
 * LinearRequantize: an affine layer with constant weights at one position, then a rounding shift and an activation.
 *
 * Proves   with v = bias[r] + Σ_t weights[r][t] · in[t] + Σ_d scales[d][r] · in[taps + d·rows + r], out[r] is the
 *          function of v selected by kind[r], where p = p[r] and q = q[r]:
 *            0 constant    out = 0
 *            1 linear      out = p·(v >> shift)
 *            2 clamp low   out = s·high                          (ReLU)
 *            3 clamp high  out = (1 − s)·(high + p) + s·q
 *            4 clamp both  out = s·min(high, p)
 *            5 leaky       out = (unit − p)·s·high + p·(high + (s − 1)·2^(bits−1−shift)) − q
 *          where v = Σ_k 2^k·bit_k over 0 ≤ k < bits[r], s is the top bit, and high = Σ_k 2^(k−shift)·bit_k over
 *          shift ≤ k < bits[r] − 1
 * Inputs   in: wires; `bias` includes their bases, the offset that makes v ≥ 0, and the half that rounds
 * Params   packed[r], digitBits, least: weights[r], packed as packedDot reads them
 *          p, q: constants of the form that row r has (src/integer/decomposition.ts). unit: 2^j where the slope of a
 *          leaky ReLU is p / 2^j
 * Ranges   enforced: 0 ≤ v < 2^bits[r] if bits[r] > 0. The bits are unique because the proved range of v is far
 *          below the field's order (bits[r] ≤ 53). An input out of range has no witness.
 * Output   rows wires, each the value minus its proved minimum, so never negative
 * Cost     kinds 2, 3, 5: bits + 2; kind 1: bits + 2 (1 if shift = 0); kind 4: bits + 3 + comparison; kind 0: 0.
 *          `comparison` is 1 per bit of `high` above the lowest set bit of p
 */
template LinearRequantize(rows, taps, packed, digitBits, least, diagonals, scales, bias, shift, unit, kind, bits, p, q) {
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

    // The weights' least value times all values, so that digits are not negative. Padded to whole groups of digits.
    var values[4 * ((taps + 3) \ 4)];
    for (var t = 0; t < taps; t++) {
        values[t] = in[t];
    }
    var leastPart = least * sumOf(taps, values);

    var nextBit = 0;
    var nextComparison = 0;
    var nextExcess = 0;
    for (var r = 0; r < rows; r++) {
        var N = bits[r];
        var v = bias[r];
        if (taps > 0) {
            v += packedDot(taps, packed[r], digitBits, values) + leastPart;
        }
        for (var d = 0; d < diagonals; d++) {
            v += scales[d][r] * in[taps + d * rows + r];
        }

        var sum = 0;
        var high = 0;
        var power = 1;
        var highPower = 1;
        for (var k = 0; k < N; k++) {
            // SAFETY: the next line makes it boolean; `sum === v` below then determines all N bits.
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

        // Here highPower = 2^(N − 1 − shift): the weight of the top bit after the shift.
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
                // reached = [the bits of `high` up to k ≥ those of p]; 1 below the lowest set bit of p.
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

/* The index of the lowest set bit of a positive integer. */
function trailingZeros(value) {
    var zeros = 0;
    while ((value >> zeros) & 1 == 0) {
        zeros++;
    }
    return zeros;
}
