pragma circom 2.2.0;

include "dot.circom";

/*
 * Linear: an affine layer with constant weights at one position, with outputs as wires. Used where a public output, a
 * maximum or a decision reads them; LinearRequantize computes the sums that an activation reads itself.
 *
 * Proves   out[r] = bias[r] + Σ_t weights[r][t] · in[t] + Σ_d scales[d][r] · in[taps + d·rows + r]
 * Inputs   in: wires; `bias` includes their bases (the proved minima of the values)
 * Params   packed[r], digitBits, least: weights[r], packed as packedDot reads them
 * Output   one wire per row; non-negative if `bias` is reduced by the proved minimum of the row's value
 * Ranges   none assumed, none enforced; the generator proves that every sum is in (−r/2, r/2), r the field's order
 * Cost     1 linear constraint per output
 */
template Linear(rows, taps, packed, digitBits, least, diagonals, scales, bias) {
    signal input in[taps + diagonals * rows];
    signal output out[rows];

    // The weights' least value times all values, so that digits are not negative. Padded to whole groups of digits.
    var values[4 * ((taps + 3) \ 4)];
    for (var t = 0; t < taps; t++) {
        values[t] = in[t];
    }
    var leastPart = least * sumOf(taps, values);

    for (var r = 0; r < rows; r++) {
        var sum = bias[r];
        if (taps > 0) {
            sum += packedDot(taps, packed[r], digitBits, values) + leastPart;
        }
        for (var d = 0; d < diagonals; d++) {
            sum += scales[d][r] * in[taps + d * rows + r];
        }
        out[r] <== sum;
    }
}
