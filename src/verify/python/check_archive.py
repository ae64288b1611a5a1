"""Checks an archive of proofs, unpacked, with nothing but Python:

    python3 tools/python/check_archive.py [--model ID]…

in the folder with manifest.json. Every file must have the digest in the manifest, and every bundle is verified, with its
opening where there is one. With --model, bundles of other models are wrong; without, the models are listed: compare
their ids with what you have from elsewhere. The exit status is 0 (all valid), 1 (not), or 2 (usage)."""
import hashlib, json, pathlib, sys
from conformance import run

def many(count, noun): return f"{count} {noun}{'' if count == 1 else 's'}"
def fail(why):
    print("WRONG", why)
    return 1
def check_files(root, manifest):
    """Number of files that are not as the manifest says, or that it does not name."""
    wrong, named = 0, {"manifest.json"}
    for entry in manifest["files"]:
        named.add(entry["path"])
        try: content = (root / entry["path"]).read_bytes()
        except OSError as error: wrong += fail(f"{entry['path']}: {error.strerror}"); continue
        if (len(content), hashlib.sha256(content).hexdigest()) != (entry["bytes"], entry["sha256"]):
            wrong += fail(entry["path"] + ": its digest is not the one in the manifest")
    for file in root.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts and file.relative_to(root).as_posix() not in named:
            wrong += fail(f"{file.relative_to(root)}: the manifest does not name it")
    return wrong
def check_bundle(file, expected):
    words = ["verify-bundle", "--bundle", str(file)]
    companion = file.parent / "model.json"
    opening = file.parent / "private" / file.name.replace(".proof.json", ".opening.json")
    if companion.exists(): words += ["--companion", str(companion)]
    if opening.exists() and opening.name != file.name: words += ["--opening", str(opening)]
    answer = run(words)
    if answer["verdict"] == "unpinned" and (not expected or answer["modelId"] in expected): return answer["modelId"], None
    why = "of another model: " + answer["modelId"] if answer["verdict"] == "unpinned" else f"{answer['verdict']} ({answer['check']})"
    return None, why

def main(words):
    if len(words) % 2 or any(word != "--model" for word in words[::2]): print(__doc__); return 2
    root = pathlib.Path.cwd()
    try: manifest = json.loads((root / "manifest.json").read_text())
    except (OSError, ValueError) as error: print(__doc__, error); return 2
    if manifest.get("version") != "quietproof/archive/v1": print("the manifest is of another version"); return 2
    wrong, models = check_files(root, manifest), {}
    bundles = sorted(one for one in (root / "records").rglob("*.json") if one.name.endswith((".proof.json", ".packed.json")))
    for file in bundles:
        model, why = check_bundle(file, words[1::2])
        if why is None: models[model] = models.get(model, 0) + 1
        else: wrong += fail(f"{file.relative_to(root).as_posix()}: {why}")
    print(f"{many(len(manifest['files']), 'file')}, {many(len(bundles), 'bundle')}, {sum(models.values())} of them valid, {many(wrong, 'fault')}")
    for model, count in sorted(models.items()): print(f"model {model}: {count}")
    return int(wrong > 0)

if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
