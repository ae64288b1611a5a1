pragma circom 2.2.0;

include "poseidon.circom";

// Stands in for circuits/input-digest.circom. Broken: nothing holds the inputs in their widths, so that what is packed
// may overlap, and what the model reads may be any field element.
template InputDigest(n, widths, tag, wide, last) {
    signal input in[n];
    signal input salt;
    signal output out;
    component permutation[1];
    permutation[0] = Poseidon(4, last);
    permutation[0].in[0] <== tag;
    permutation[0].in[1] <== salt;
    var element = 0;
    var used = 0;
    for (var i = 0; i < n; i++) {
        element += 2 ** used * in[i];
        used += widths[i];
    }
    permutation[0].in[2] <== element;
    out <== permutation[0].out;
}
