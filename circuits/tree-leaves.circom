pragma circom 2.2.0;

/*
 * TreeLeaves: which way a decision tree goes.
 *
 * Proves   out[j − 1] = reached(j) · condition(j) for inner nodes j ≥ 1, where reached(0) = 1, and for j ≥ 1, with
 *          parent p, reached(j) = branch(p) if isTrueChild[j], else reached(p) − branch(p); branch(0) = condition(0), and
 *          branch(j) = out[j − 1]
 * Inputs   in: wires; condition(j) = constant[j] + Σ_i weight[i] · in[index[i]] over start[j] ≤ i < start[j + 1]
 * Params   inner: inner nodes, 2 or more; parent[inner], isTrueChild[inner]: where nodes hang, children after parents;
 *          start[inner + 1], index, weight, constant[inner]: the conditions
 * Ranges   none assumed, none enforced; the generator proves that every condition is 0 or 1
 * Output   0 or 1
 * Cost     inner − 1
 */
template TreeLeaves(inner, parent, isTrueChild, inputs, start, index, weight, constant) {
    signal input in[inputs];
    signal output out[inner - 1];
    signal branch[inner - 1];

    var reached[inner];
    var taken[inner];
    for (var j = 0; j < inner; j++) {
        var condition = constant[j];
        for (var i = start[j]; i < start[j + 1]; i++) {
            condition += weight[i] * in[index[i]];
        }
        if (j == 0) {
            reached[0] = 1;
            taken[0] = condition;
        } else {
            var p = parent[j];
            if (isTrueChild[j] == 1) {
                reached[j] = taken[p];
            } else {
                reached[j] = reached[p] - taken[p];
            }
            branch[j - 1] <== reached[j] * condition;
            taken[j] = branch[j - 1];
            out[j - 1] <== branch[j - 1];
        }
    }
}
