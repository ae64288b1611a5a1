pragma circom 2.2.0;

include "poseidon.circom";
include "range.circom";

/*
 * HeldInputDigest: InputDigest of a row some of whose values the layers that read them hold in range.
 *
 * Proves   0 ≤ in[i] < 2^widths[i] for all i that are not held, and out = h_last as in InputDigest
 * Inputs   in: the integers of the row; salt: any field element
 * Params   n, widths[n], tag, wide, last: as in InputDigest; isHeld[n]: 1 where another layer enforces the range
 * Ranges   assumed: 0 ≤ in[i] < 2^widths[i] where isHeld[i]: a Thermometer reads in[i] itself and enforces a narrower
 *          range; enforced: the same for all other i. So an element is below 2^253 and cannot wrap, and different rows
 *          have different elements
 * Output   a field element
 * Cost     Range(widths[i]) per value that is not held; 1 per element that packs two or more values; the permutations
 */
template HeldInputDigest(n, widths, isHeld, tag, wide, last) {
    signal input in[n];
    signal input salt;
    signal output out;

    var ranges = 0;
    for (var i = 0; i < n; i++) {
        ranges += 1 - isHeld[i];
    }
    component range[ranges];
    var next = 0;
    for (var i = 0; i < n; i++) {
        if (isHeld[i] == 0) {
            range[next] = Range(widths[i]);
            range[next].in <== in[i];
            next++;
        }
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
