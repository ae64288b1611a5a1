pragma circom 2.2.0;

include "dot.circom";

/*
 * Linear: affine with constant weights, outputs kept as wires (for outputs, maxima and decisions; what a rectifier
 * reads is summed where it is used, in LinearRequantize).
 *
 * Proves   out[r·positions + p] = bias[…] + Σ_t weights[r][t] · in[gather[p][t]] + Σ_d scales[d][…] · in[places[d][…]]
 * Inputs   in: wires; the caller has folded their bases (proved minima) into bias
 * Outputs  one wire each, non-negative where bias was lowered by the output's own proved minimum
 * Ranges   none assumed or enforced: the caller proves that no sum leaves (−r/2, r/2)
 * Cost     1 linear constraint an output
 *
 * A place equal to `inputs` stands for an exact zero.
 */
template Linear(inputs, rows, positions, taps, weights, gather, diagonals, scales, places, bias) {
    signal input in[inputs];
    signal output out[rows * positions];

    for (var p = 0; p < positions; p++) {
        var window[taps];
        for (var t = 0; t < taps; t++) {
            window[t] = gather[p][t] < inputs ? in[gather[p][t]] : 0;
        }
        for (var r = 0; r < rows; r++) {
            var o = r * positions + p;
            var sum = dot(taps, weights[r], window) + bias[o];
            for (var d = 0; d < diagonals; d++) {
                if (places[d][o] < inputs) {
                    sum += scales[d][o] * in[places[d][o]];
                }
            }
            out[o] <== sum;
        }
    }
}
