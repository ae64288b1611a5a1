pragma circom 2.2.0;

include "dot.circom";

/*
 * Thermometer: a value compared with constants.
 *
 * Proves   out[k] = 1 if v ≥ cut[k], else 0, where v = constant + Σ_t weight[t] · in[t]
 * Inputs   in: wires
 * Params   cuts: the number K of cuts; cut[K]: ascending, 1 ≤ cut[k] ≤ top; top: the largest value of v;
 *          bits: g, the bits of the widest distance between neighbours of 0, cut[0], …, cut[K−1], top + 1, less one
 * Ranges   enforced: 0 ≤ v ≤ top, and out is boolean and falls from 1 to 0. Let T[0] = 0, T[k] = cut[k−1],
 *          T[K+1] = top + 1, and m the number of ones. Both v − T[m] and T[m+1] − 1 − v lie in 0 … 2^g − 1, and they add
 *          up to T[m+1] − T[m] − 1: so, with 2^(g+1) below the field's order, T[m] ≤ v < T[m+1]
 * Output   0 or 1
 * Cost     K + 2(g + 1); K + 1 for g = 0, where v is the number of ones
 */
template Thermometer(cuts, cut, top, bits, inputs, weight, constant) {
    signal input in[inputs];
    signal output out[cuts];
    signal low[bits];
    signal high[bits];

    var v = constant;
    for (var t = 0; t < inputs; t++) {
        v += weight[t] * in[t];
    }

    var below[cuts];
    var above[cuts];
    for (var k = 0; k < cuts; k++) {
        below[k] = k == 0 ? cut[0] : cut[k] - cut[k - 1];
        above[k] = (k == cuts - 1 ? top + 1 : cut[k + 1]) - cut[k];
        // SAFETY: the next lines make it 0 or 1, and 0 after a 0; `low` and `high` below then determine where it falls.
        out[k] <-- v >= cut[k] ? 1 : 0;
        if (k == 0) {
            out[0] * (1 - out[0]) === 0;
        } else {
            out[k] * (out[k - 1] - out[k]) === 0;
        }
    }

    var lowest = v - dot(cuts, below, out);
    var highest = cut[0] - 1 - v + dot(cuts, above, out);
    if (bits == 0) {
        lowest === 0;
    } else {
        var lowSum = 0;
        var highSum = 0;
        var power = 1;
        for (var k = 0; k < bits; k++) {
            // SAFETY: the next line makes it boolean; `lowSum === lowest` below then determines all bits.
            low[k] <-- (lowest >> k) & 1;
            low[k] * (low[k] - 1) === 0;
            lowSum += power * low[k];
            // SAFETY: the next line makes it boolean; `highSum === highest` below then determines all bits.
            high[k] <-- (highest >> k) & 1;
            high[k] * (high[k] - 1) === 0;
            highSum += power * high[k];
            power += power;
        }
        lowSum === lowest;
        highSum === highest;
    }
}
