//! Linker settings of the addon.

fn main() {
    napi_build::setup();
    // Node unloads an addon with the last thread that loaded it, while the prover's threads may still run its code.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
