"""Proves one row of an ONNX model with EZKL, for comparison in a measurement.

    python ezkl-peer.py <model.onnx> <row.json> <folder>

row.json has EZKL's own format, {"input_data": [[…]]}. Needs `pip install ezkl`. Fetches nothing: the SRS is generated
locally. Input and output are public, parameters fixed, and calibration is for few resources. All files are written to
the folder.

Protocol: writes one JSON line when it is ready to prove, one after each proof, and one at the end of stdin. Each line on
stdin requests a proof. `proveMs` is the time of the whole call, which reads the proving key from its file; EZKL has no
call that keeps it in memory. It uses all cores, unless RAYON_NUM_THREADS is set.
"""

import json
import os
import resource
import sys
import time

import ezkl


def main(model: str, row: str, folder: str) -> None:
    say = redirect_stdout()
    os.makedirs(folder, exist_ok=True)
    file = {name: os.path.join(folder, name) for name in FILES}
    say({**prepare(model, row, file), "version": ezkl.__version__})
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), cpu_seconds()
        ezkl.prove(file["witness"], file["compiled"], file["pk"], file["proof"], file["srs"])
        sample = {"proveMs": 1e3 * (time.perf_counter() - wall), "cpuMs": 1e3 * (cpu_seconds() - cpu)}
        started = time.perf_counter()
        if not ezkl.verify(file["proof"], file["settings"], file["vk"], file["srs"]):
            raise SystemExit("EZKL does not accept its own proof")
        say({**sample, "checkMs": 1e3 * (time.perf_counter() - started)})
    say({"peakRssBytes": peak_rss(), **{name + "Bytes": os.path.getsize(file[name]) for name in ("proof", "pk", "vk")}})


FILES = ("settings", "compiled", "srs", "pk", "vk", "witness", "proof")


def prepare(model: str, row: str, file: dict[str, str]) -> dict[str, float]:
    """Does all steps from the ONNX file to a witness; returns their durations."""
    options = ezkl.PyRunArgs()
    options.input_visibility = "public"
    options.output_visibility = "public"
    options.param_visibility = "fixed"
    # Names of the batch dimension in exporters. EZKL ignores names that the model does not have.
    options.variables = [("batch_size", 1), ("batch", 1), ("N", 1)]
    started = time.perf_counter()
    ezkl.gen_settings(model, file["settings"], py_run_args=options)
    ezkl.calibrate_settings(row, model, file["settings"], "resources")
    ezkl.compile_circuit(model, file["compiled"], file["settings"])
    compiled = time.perf_counter()
    with open(file["settings"], encoding="utf-8") as settings:
        circuit = json.load(settings)
    logrows = circuit["run_args"]["logrows"]
    ezkl.gen_srs(file["srs"], logrows)
    with_srs = time.perf_counter()
    ezkl.setup(file["compiled"], file["vk"], file["pk"], file["srs"])
    ready = time.perf_counter()
    ezkl.gen_witness(row, file["compiled"], file["witness"], file["vk"], file["srs"])
    return {
        "logrows": logrows,
        "rows": circuit["num_rows"],
        "assignments": circuit["total_assignments"],
        "compileSeconds": compiled - started,
        "srsSeconds": with_srs - compiled,
        "setupSeconds": ready - with_srs,
        "witnessMs": 1e3 * (time.perf_counter() - ready),
    }


def redirect_stdout():
    """Redirects EZKL's output on stdout to stderr. Returns a function that writes a JSON line to stdout."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(message: dict) -> None:
        lines.write(json.dumps(message) + "\n")
        lines.flush()

    return say


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak_rss() -> int:
    """Peak memory of this process in bytes. ru_maxrss would start from its parent's value."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit("usage: ezkl-peer.py <model.onnx> <row.json> <folder>")
    main(*sys.argv[1:])
