pragma circom 2.2.0;

include "dot.circom";

/*
 * Poseidon: the permutation x^5 over BN254's scalar field, first element of the state out (eprint 2019/458).
 *
 * Proves   out = Poseidon(in[0], …, in[t − 2]): state [0, in…], 8 full rounds around the R partial ones
 * Inputs   in: any field elements, none assumed small
 * Params   t: width, 3 to 17; constants: round constants and matrices, laid out as below. They are Poseidon's own,
 *          rewritten (src/circuit/poseidon-form.ts): between S-boxes everything is linear, so each S-box of a partial
 *          round reads one linear expression of the state at their beginning (`entry`) and of the earlier S-boxes
 *            full[8][t]         added before the S-boxes of each full round
 *            mds[t][t]          the mixing matrix
 *            entryPart[R][t]    what the S-box of partial round p reads of entry
 *            kernel[R]          and of the S-box k + 1 rounds earlier
 *            offset[R]          and a constant
 *            exitEntry[t][t]    the state after the partial rounds, of entry
 *            exitPower[t][R]    and of the S-boxes
 * Ranges   none assumed, none enforced
 * Output   a field element
 * Cost     3·(8·t + R − 1) + 1: the S-box on the constant element of the first round is a constant; 1 is `out`
 */
template Poseidon(t, constants) {
    var R = poseidonPartialRounds(t);
    var mds = 8 * t;
    var entryPart = mds + t * t;
    var kernel = entryPart + R * t;
    var offset = kernel + R;
    var exitEntry = offset + R;
    var exitPower = exitEntry + t * t;
    var powers = 8 * t + R - 1;

    signal input in[t - 1];
    signal output out;
    signal square[powers];
    signal fourth[powers];
    signal fifth[powers];

    var state[t];
    state[0] = 0;
    for (var i = 1; i < t; i++) {
        state[i] = in[i - 1];
    }
    var next = 0;
    for (var round = 0; round < 8; round++) {
        if (round == 4) {
            var power[R];
            for (var p = 0; p < R; p++) {
                var fromEntry[t];
                for (var i = 0; i < t; i++) {
                    fromEntry[i] = constants[entryPart + p * t + i];
                }
                var fromPower[R];
                for (var j = 0; j < p; j++) {
                    fromPower[j] = constants[kernel + p - 1 - j];
                }
                var x = dot(t, fromEntry, state) + dot(p, fromPower, power) + constants[offset + p];
                square[next] <== x * x;
                fourth[next] <== square[next] * square[next];
                fifth[next] <== fourth[next] * x;
                power[p] = fifth[next];
                next++;
            }
            var exit[t];
            for (var o = 0; o < t; o++) {
                var fromEntry[t];
                for (var i = 0; i < t; i++) {
                    fromEntry[i] = constants[exitEntry + o * t + i];
                }
                var fromPower[R];
                for (var p = 0; p < R; p++) {
                    fromPower[p] = constants[exitPower + o * R + p];
                }
                exit[o] = dot(t, fromEntry, state) + dot(R, fromPower, power);
            }
            state = exit;
        }
        for (var i = 0; i < t; i++) {
            var x = state[i] + constants[round * t + i];
            if (round == 0 && i == 0) {
                state[i] = x ** 5;
            } else {
                square[next] <== x * x;
                fourth[next] <== square[next] * square[next];
                fifth[next] <== fourth[next] * x;
                state[i] = fifth[next];
                next++;
            }
        }
        var mixed[t];
        for (var o = 0; o < t; o++) {
            var row[t];
            for (var i = 0; i < t; i++) {
                row[i] = constants[mds + o * t + i];
            }
            mixed[o] = dot(t, row, state);
        }
        state = mixed;
    }
    out <== state[0];
}

/* Partial rounds by width for 128 bits of security: eprint 2019/458, the authors' calc_round_numbers.py. */
function poseidonPartialRounds(t) {
    var rounds[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    return rounds[t - 2];
}
