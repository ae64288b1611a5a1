import type { CheckId } from '@quietproof/verify';
import { type Change, changed } from './change.ts';
import { type Corpus, decisionA, labelA, labelB, logitsA } from './corpus.ts';
import { bind, identify, seal } from './seal.ts';

/** Rewritten interfaces with all digests recomputed. Only the pinned model id shows the change. */
export function rewrittenCases(corpus: Corpus): void {
  const rewritten = (id: string, what: string, change: Change, from = labelA) => {
    const bundle = seal(changed(from, ({ model }) => change(model)));
    corpus.bundle(`rewritten/${id}`, `${what}, all digests recomputed`, from, bundle, { check: 'model' });
  };
  rewritten('names-swapped', 'Label names swapped', (m) => m.interface.output.names.reverse());
  rewritten(
    'decision-names-swapped',
    'Names of yes and no swapped',
    (m) => m.interface.output.names.reverse(),
    decisionA,
  );
  rewritten(
    'threshold',
    'A lower threshold',
    (m) => {
      m.interface.output.threshold = '0.1';
    },
    decisionA,
  );
  rewritten(
    'output-range',
    'A wider range of the logit',
    (m) => {
      m.interface.signals[0].max =
        '21888242871839275222246405745257275088548364400416034343698204186575808495616';
    },
    logitsA,
  );
  rewritten(
    'input-range',
    'A wider range of the public input',
    (m) => {
      m.interface.signals[1].max = m.interface.input.encoding.max = '9007199254740991';
    },
    logitsA,
  );
  rewritten(
    'scale',
    'Another scale of the logit',
    (m) => {
      m.interface.output.scale = '1';
    },
    logitsA,
  );
  rewritten(
    'lo',
    'Another offset of the logit',
    (m) => {
      m.interface.output.lo = ['0'];
    },
    logitsA,
  );
  rewritten('labels-more', 'A fourth label', (m) => {
    m.interface.output.count = 4;
    m.interface.output.names.push('other');
    m.interface.signals[0].max = '3';
  });
  rewritten('units', 'Other units', (m) => {
    m.interface.input.units = ['mm', 'mm', 'mm', 'mm'];
  });
  rewritten('step', 'Another input step', (m) => {
    m.interface.input.encoding.step = '1';
  });
  rewritten('name', 'Another model name', (m) => {
    m.interface.name = 'iris-mlp-2';
  });
  rewritten('circuit', 'Another circuit id', (m) => {
    m.manifest.chain.circuit = '0'.repeat(64);
  });
  rewritten('setup', 'The development setup called a ceremony', (m) => {
    m.setup = { kind: 'ceremony', contributions: [{ name: 'us', hash: '00', kind: 'contribution' }] };
  });
  const forged = changed(labelA, ({ model }) => model.interface.output.names.reverse());
  identify(forged.model);
  forged.model.ids.modelId = labelA.modelId;
  bind(forged);
  corpus.bundle('rewritten/id-kept', "A rewritten interface under the original's model id", labelA, forged, {
    check: 'model-record',
  });
}

/** Interfaces that contradict themselves, with all digests recomputed and the resulting id pinned. */
export function contradictoryCases(corpus: Corpus): void {
  const contradicts = (
    id: string,
    what: string,
    change: Change,
    from = labelA,
    check: CheckId = 'interface',
  ) => {
    const bundle = seal(changed(from, ({ model }) => change(model)));
    corpus.bundle(`contradictory/${id}`, what, from, bundle, { check }, { pin: 'own' });
  };
  const signals =
    (change: Change): Change =>
    (m) =>
      change(m.interface.signals);
  contradicts(
    'label-range',
    'A label range wider than the labels',
    signals((s) => {
      s[0].max = '3';
    }),
  );
  contradicts(
    'label-count',
    'Two label signals',
    signals((s) => {
      s[0].count = 2;
    }),
  );
  contradicts('names-few', 'A label name less', (m) => m.interface.output.names.pop());
  contradicts(
    'digest-range',
    'A digest range of r',
    signals((s) => {
      s[1].max = '21888242871839275222246405745257275088548364400416034343698204186575808495617';
    }),
  );
  contradicts(
    'context-range',
    'A context range of 2^248',
    signals((s) => {
      s[2].max = (1n << 248n).toString();
    }),
  );
  contradicts(
    'order',
    'Digest before output',
    signals((s) => {
      s.unshift(...s.splice(1, 1));
    }),
  );
  contradicts(
    'role',
    'A public input in digest mode',
    signals((s) => {
      s[1].role = 'input';
    }),
  );
  contradicts('encoding-range', 'A digest of values whose range is not 2^n − 1', (m) => {
    m.interface.input.encoding.max = '30';
  });
  contradicts('encoding-zero', 'A range of nothing', (m) => {
    m.interface.input.encoding.max = '0';
  });
  contradicts('encoding-large', 'A range of 2^53', (m) => {
    m.interface.input.encoding.max = '9007199254740992';
  });
  contradicts('shape', 'More features than names', (m) => {
    m.interface.input.shape = [5];
  });
  contradicts('step-zero', 'A step of 0', (m) => {
    m.interface.input.encoding.step = '0';
  });
  contradicts('step-negative', 'A negative step', (m) => {
    m.interface.input.encoding.step = '-1';
  });
  contradicts('offsets-few', 'An offset less', (m) => {
    m.interface.input.encoding.offset = ['0', '0', '0'];
  });
  contradicts('units-more', 'A unit more', (m) => m.interface.input.units.push('cm'));
  contradicts(
    'maxima-few',
    'A list of ranges that is too short',
    signals((s) => {
      s[1].max = Array(29).fill('255');
    }),
    logitsA,
  );
  contradicts(
    'input-range',
    'A signal range wider than the encoding',
    signals((s) => {
      s[1].max = '256';
    }),
    logitsA,
  );
  contradicts(
    'logit-range',
    'A logit range of r',
    signals((s) => {
      s[0].max = '21888242871839275222246405745257275088548364400416034343698204186575808495617';
    }),
    logitsA,
  );
  contradicts('lo-more', 'An offset more than logits', (m) => m.interface.output.lo.push('0'), logitsA);
  contradicts(
    'scale-zero',
    'A scale of 0',
    (m) => {
      m.interface.output.scale = '0';
    },
    logitsA,
  );
  contradicts(
    'threshold-range',
    'A decision of 0 to 2',
    signals((s) => {
      s[0].max = '2';
    }),
    decisionA,
  );
  contradicts(
    'real-form',
    'A real with a needless zero',
    (m) => {
      m.interface.input.encoding.step = '1.0';
    },
    labelA,
    'format',
  );
  contradicts(
    'real-exponent',
    'A real in another form of exponent',
    (m) => {
      m.interface.input.encoding.step = '1e-07';
    },
    labelA,
    'format',
  );
  contradicts(
    'real-digits',
    'A real with digits that do not count',
    (m) => {
      m.interface.input.encoding.step = '0.10000000000000001';
    },
    labelA,
    'format',
  );
  contradicts(
    'real-infinite',
    'A real that is not finite',
    (m) => {
      m.interface.input.encoding.step = 'Infinity';
    },
    labelA,
    'format',
  );
  contradicts(
    'real-minus-zero',
    'A real that is −0',
    (m) => {
      m.interface.input.encoding.offset = '-0';
    },
    labelA,
    'format',
  );
  contradicts(
    'setup-nobody',
    'A ceremony nobody contributed to',
    (m) => {
      m.setup = { kind: 'ceremony', contributions: [] };
    },
    labelA,
    'setup',
  );
  contradicts(
    'setup-beacon',
    'A ceremony with a beacon only',
    (m) => {
      m.setup = { kind: 'ceremony', contributions: [{ name: 'drand', hash: '00', kind: 'beacon' }] };
    },
    labelA,
    'setup',
  );
  contradicts(
    'signals-four',
    'Four signal groups',
    signals((s) => s.push(s[2])),
    labelA,
    'format',
  );
  contradicts(
    'kind',
    'An output of an unknown kind',
    (m) => {
      m.interface.output.kind = 'regression';
    },
    labelA,
    'format',
  );
  const other = labelB.copy();
  other.model.manifest.chain.circuit = '1'.repeat(64);
  bind(other);
  corpus.bundle('contradictory/circuit', "The record's circuit id is not the manifest's", labelB, other, {
    check: 'model-record',
  });
}
