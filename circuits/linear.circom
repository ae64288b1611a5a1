pragma circom 2.2.0;

include "dot.circom";

/*
 * Linear: an affine layer with constant weights at one position, outputs kept as wires (for outputs, maxima and
 * decisions; what a rectifier reads is summed where it is used, in LinearRequantize).
 *
 * Proves   out[r] = bias[r] + Σ_t weights[r][t] · in[t] + Σ_d scales[d][r] · in[taps + d·rows + r]
 * Inputs   in: wires; the caller has folded their bases (proved minima) into bias
 * Outputs  one wire each, non-negative where bias was lowered by the output's own proved minimum
 * Ranges   none assumed or enforced: the caller proves that no sum leaves (−r/2, r/2)
 * Cost     1 linear constraint an output
 */
template Linear(rows, taps, weights, diagonals, scales, bias) {
    signal input in[taps + diagonals * rows];
    signal output out[rows];

    for (var r = 0; r < rows; r++) {
        var sum = bias[r];
        if (taps > 0) {
            sum += dot(taps, weights[r], in);
        }
        for (var d = 0; d < diagonals; d++) {
            sum += scales[d][r] * in[taps + d * rows + r];
        }
        out[r] <== sum;
    }
}
