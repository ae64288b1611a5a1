import type { MadeUpVariant } from './source-copy.ts';

/** Each list holds exactly the files that the type checker names to somebody who adds such a variant. */
export const MADE_UP_VARIANTS: readonly MadeUpVariant[] = [
  {
    name: 'an input mode',
    edits: [
      {
        file: 'src/verify/interface/model-interface.ts',
        text: "export type InputMode = 'digest' | 'public';",
        replacement: "export type InputMode = 'digest' | 'public' | 'committed';",
      },
    ],
    expected: [
      'src/artifact/cost-record.ts',
      'src/artifact/weight-leak.ts',
      'src/check/input-modes/input-modes.ts',
      'src/circuit/input-modes/input-modes.ts',
      'src/cli/demo/demo.ts',
      'src/cli/render/statement-words.ts',
      'src/compile/model-interface.ts',
      'src/export/browser/page/words.ts',
      'src/export/solidity/input-modes.ts',
      'src/integer/enforced-max.ts',
      'src/prove/input-modes/input-modes.ts',
      'src/verify/interface/input-modes.ts',
      'src/verify/verdict/examine-input.ts',
    ],
  },
  {
    name: 'an output kind of version 1',
    edits: [
      {
        file: 'src/verify/interface/model-interface.ts',
        text: 'export type OutputInterface = LogitsOutput | ArgmaxOutput | ThresholdOutput;',
        replacement: [
          'export type OutputInterface = LogitsOutput | ArgmaxOutput | ThresholdOutput | RankingOutput;',
          'export interface RankingOutput {',
          "  readonly kind: 'ranking';",
          '  readonly count: number;',
          '  readonly names?: readonly string[];',
          '}',
        ].join('\n'),
      },
    ],
    expected: [
      'src/cli/render/statement-words.ts',
      'src/compile/assemble-manifest.ts',
      'src/compile/interface-outputs.ts',
      'src/compile/model-interface-v1.ts',
      'src/compile/output-report.ts',
      'src/compile/quality/contract.ts',
      'src/quantize/decision.ts',
      'src/quantize/stated-as.ts',
      'src/rederive/claimed-statement.ts',
      'src/verify/interface/check-interface.ts',
      'src/verify/interface/read-interface.ts',
      'src/verify/interface/reading-of-v1.ts',
    ],
  },
  {
    name: 'an output kind of version 2',
    edits: [
      {
        file: 'src/verify/v2/interface-types.ts',
        text: 'export type OutputV2 = LabelOutput |',
        replacement: [
          'export interface RankingOutput extends NamedOutput {',
          "  readonly kind: 'ranking';",
          '  readonly count: number;',
          '}',
          'export type OutputV2 = RankingOutput | LabelOutput |',
        ].join('\n'),
      },
    ],
    expected: ['src/verify/v2/reading-of-output.ts', 'test/check/public-ranges.test.ts'],
  },
  {
    name: 'an input encoding',
    edits: [
      {
        file: 'src/verify/v2/interface-types.ts',
        text: 'export type EncodingV2 =',
        replacement: "export type EncodingV2 =\n  | { readonly kind: 'logarithm'; readonly base: Real }\n  |",
      },
    ],
    expected: ['src/artifact/read-manifest.ts', 'src/verify/v2/reading-of-part.ts'],
  },
  {
    name: 'an output of the circuit',
    edits: [
      {
        file: 'src/integer/integer-graph.ts',
        text: "export type StatedOutput = 'logits' | 'label' | 'mixed';",
        replacement: "export type StatedOutput = 'logits' | 'label' | 'mixed' | 'ranking';",
      },
    ],
    expected: ['src/cli/render/statement-words.ts', 'src/integer/statement.ts', 'src/quantize/decision.ts'],
  },
  {
    name: 'an activation',
    edits: [
      {
        file: 'src/graph/float-graph.ts',
        text: 'export type ActivationFunction =\n',
        replacement: "export type ActivationFunction =\n  | { readonly kind: 'bump' }\n",
      },
    ],
    expected: [
      'src/graph/activations.ts',
      'src/import/onnx/activations.ts',
      'src/import/tfjs/activations.ts',
      'src/quantize/lower-activation.ts',
      'test/graph/activation-samples.ts',
    ],
  },
  {
    name: 'a function that is looked up',
    edits: [
      {
        file: 'src/graph/functions/tabulated.ts',
        text: "type PlainName =\n  | 'tanh'",
        replacement: "type PlainName =\n  | 'sine'\n  | 'tanh'",
      },
    ],
    expected: ['src/graph/functions/tabulated-facts.ts'],
  },
  {
    name: 'a kind of float node',
    edits: [
      {
        file: 'src/graph/float-graph.ts',
        text: 'export type FloatNode =\n',
        replacement: [
          'export interface MadeUpNode extends NodeBase {',
          "  readonly op: 'made-up';",
          '  readonly left: Int32Array;',
          '  readonly right: Int32Array;',
          '}',
          'export type FloatNode =\n  | MadeUpNode\n',
        ].join('\n'),
      },
    ],
    expected: ['src/graph/node-kinds.ts', 'src/quantize/lower/node-lowerings.ts'],
  },
  {
    name: 'a primitive',
    edits: [
      {
        file: 'src/integer/integer-graph.ts',
        text: 'export type IntegerNode =\n',
        replacement: [
          'export interface MadeUp extends NodeBase {',
          "  readonly op: 'made-up';",
          '  readonly left: Int32Array;',
          '  readonly right: Int32Array;',
          '}',
          'export type IntegerNode =\n  | MadeUp\n',
        ].join('\n'),
      },
    ],
    expected: [
      'src/check/gadgets/gadgets.ts',
      'src/check/public-ranges.ts',
      'src/circuit/builders.ts',
      'src/circuit/unwired-linears.ts',
      'src/integer/primitives.ts',
    ],
  },
];
