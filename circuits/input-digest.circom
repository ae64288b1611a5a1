pragma circom 2.2.0;

include "poseidon.circom";
include "range.circom";

/*
 * InputDigest: range checks and the Poseidon digest of an input row (src/verify/SPEC.md, "Input digest").
 *
 * Proves   0 ≤ in[i] < 2^widths[i] for all i, and out = h_last, where
 *            elements = the salt, then the packed values: in order, the first value in the lowest bits, as many per
 *                       element as fit into 253 bits
 *            h_0 = tag, h_k+1 = Poseidon(h_k, the next 15 elements or the remaining ones)
 * Inputs   in: the integers of the row; salt: any field element
 * Params   n, widths[n]: 1 to 253 bits each; tag: binds n, widths and the version; wide, last: Poseidon's constants
 *          (see poseidon.circom) for full chunks of 15 elements and for a shorter last chunk; [0] if there is none
 * Ranges   enforced: 0 ≤ in[i] < 2^widths[i]. The packed signals are the checked ones, and an element is below 2^253
 *          and cannot wrap, so different rows have different elements
 * Output   a field element
 * Cost     Range(widths[i]) per value; 1 per element that packs two or more values; the permutations
 */
template InputDigest(n, widths, tag, wide, last) {
    signal input in[n];
    signal input salt;
    signal output out;

    component range[n];
    for (var i = 0; i < n; i++) {
        range[i] = Range(widths[i]);
        range[i].in <== in[i];
    }

    var elements = 1;
    var used = 253;
    for (var i = 0; i < n; i++) {
        if (used + widths[i] > 253) {
            elements++;
            used = 0;
        }
        used += widths[i];
    }

    var element[elements];
    element[0] = salt;
    var e = 0;
    used = 253;
    for (var i = 0; i < n; i++) {
        if (used + widths[i] > 253) {
            e++;
            used = 0;
        }
        element[e] += 2 ** used * in[i];
        used += widths[i];
    }

    var chunks = (elements + 14) \ 15;
    component permutation[chunks];
    for (var c = 0; c < chunks; c++) {
        var size = c < chunks - 1 ? 15 : elements - 15 * c;
        if (size == 15) {
            permutation[c] = Poseidon(17, wide);
        } else {
            permutation[c] = Poseidon(size + 2, last);
        }
        if (c == 0) {
            permutation[c].in[0] <== tag;
        } else {
            permutation[c].in[0] <== permutation[c - 1].out;
        }
        for (var k = 0; k < size; k++) {
            permutation[c].in[1 + k] <== element[15 * c + k];
        }
    }
    out <== permutation[chunks - 1].out;
}
