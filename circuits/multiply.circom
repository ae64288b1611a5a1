pragma circom 2.2.0;

/*
 * Multiply: the product of two values.
 *
 * Proves   out[0] = (in[0] + leftBase) · (in[1] + rightBase) − outBase, or a constant of it (kind)
 * Inputs   in: wires; the values are in[0] + leftBase and in[1] + rightBase
 * Params   kind: 0  both values vary
 *                1  the proved range of the left value is one number, leftBase
 *                2  the proved range of the right value is one number, rightBase
 *                3  that of both is
 *          outBase: the proved minimum of the product
 * Ranges   none enforced; the generator proves that the product is in (−2^52, 2^52)
 * Cost     1; 0 for kind 3, or if the constant is 0 or 1
 */
template Multiply(kind, leftBase, rightBase, outBase) {
    signal input in[2];
    signal output out[1];

    if (kind == 0) {
        out[0] <== (in[0] + leftBase) * (in[1] + rightBase) - outBase;
    } else if (kind == 1) {
        out[0] <== leftBase * in[1] + leftBase * rightBase - outBase;
    } else if (kind == 2) {
        out[0] <== rightBase * in[0] + leftBase * rightBase - outBase;
    } else {
        out[0] <== leftBase * rightBase - outBase;
    }
}
