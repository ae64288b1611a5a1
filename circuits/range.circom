pragma circom 2.2.0;

/*
 * Range: a value of at most `bits` bits.
 *
 * Proves   0 ≤ in < 2^bits, by decomposing `in` into bits
 * Inputs   in: any field element
 * Params   bits: 1 to 253, so that different bits never sum to the same field element
 * Ranges   enforced: 0 ≤ in < 2^bits
 * Cost     bits + 1; 1 for bits = 1, where `in` itself is the bit
 */
template Range(bits) {
    signal input in;

    if (bits == 1) {
        in * (in - 1) === 0;
    } else {
        signal bit[bits];
        var sum = 0;
        var weight = 1;
        for (var k = 0; k < bits; k++) {
            // SAFETY: the next line makes it boolean; `sum === in` below then determines all bits.
            bit[k] <-- (in >> k) & 1;
            bit[k] * (bit[k] - 1) === 0;
            sum += weight * bit[k];
            weight += weight;
        }
        sum === in;
    }
}
