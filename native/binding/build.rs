//! Links the addon.

fn main() {
    napi_build::setup();
    // Node closes an addon with the last thread that loaded it; the prover's own threads would run on in nothing.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
