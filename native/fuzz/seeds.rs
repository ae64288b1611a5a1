//! Writes the initial corpora: the files of a small real circuit.

use std::path::Path;

use quietproof_prover::engine::Portable;
use quietproof_prover::formats::samples;
use quietproof_prover::setup::DevelopmentKey;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let circuit = samples::circuit();
    let key = DevelopmentKey::make(Portable, &circuit.r1cs(), 1, &|| false)?;
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let seeds = [
        ("zkey", key.zkey),
        ("r1cs", circuit.r1cs()),
        ("wtns", circuit.wtns()),
    ];
    for (target, bytes) in seeds {
        let folder = corpus.join(target);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("small-circuit"), bytes)?;
    }
    Ok(())
}
