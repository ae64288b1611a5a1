pragma circom 2.2.0;

/*
 * Select: choices between two values.
 *
 * Proves   out[k] = F[3k] · F[3k + 1] + F[3k + 2], with the forms
 *          F[j] = constant[j] + Σ_i weight[i] · in[index[i]] over start[j] ≤ i < start[j + 1]:
 *          a condition, the value for 1 less the value for 0, and the value for 0 less the proved minimum of the output
 * Inputs   in: wires
 * Params   count: outputs; start[3·count + 1], index, weight, constant[3·count]: the forms
 * Ranges   none assumed, none enforced; the generator proves that every condition is 0 or 1
 * Output   one wire per choice, non-negative
 * Cost     1 per output
 */
template Select(count, inputs, start, index, weight, constant) {
    signal input in[inputs];
    signal output out[count];

    for (var k = 0; k < count; k++) {
        var form[3];
        for (var j = 0; j < 3; j++) {
            var sum = constant[3 * k + j];
            for (var i = start[3 * k + j]; i < start[3 * k + j + 1]; i++) {
                sum += weight[i] * in[index[i]];
            }
            form[j] = sum;
        }
        out[k] <== form[0] * form[1] + form[2];
    }
}
