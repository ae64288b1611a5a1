"""The conformance suite's command line (test/conformance/README.md) for verify.py and verify_v2.py.

    conformance.py verify-bundle --bundle F [--companion F] [--model ID] [--context HEX] [--input F] [--opening F]
                                [--tolerance REAL] [--trust F [--statements F] [--at TIME]]
    conformance.py verify-proof --key F --public F --proof F
    conformance.py batch    reads one JSON list of such arguments per line; writes one answer per line

The exit status is 0 (valid, and the expected model), 1 (not), or 2 (usage)."""
import json
import sys

from verify import Refused, verify_proof
from verify_trust import Lacking
from verify_v2 import verify_bundle

COMMANDS = {"verify-bundle": verify_bundle, "verify-proof": verify_proof}
# The file that is missing, and the check that needs it
NEEDED = {"companion": "model-record", "opening": "input", "input": "input"}
VALUE_OPTIONS = ("--model", "--context", "--tolerance", "--at")


def run(words):
    command, files, reached = COMMANDS[words[0]], {}, []
    for name, value in zip(words[1::2], words[2::2], strict=True):
        if name in VALUE_OPTIONS:
            files[name[2:]] = value
        else:
            with open(value, "rb") as file:
                files[name[2:]] = file.read()
    try:
        pinned, found = command(files, reached.append)
    except Lacking as lacking:
        check, found = lacking.args
        return {"verdict": "incomplete", "check": check, **found}
    except KeyError as error:
        return {"verdict": "incomplete", "check": NEEDED[error.args[0]]}
    except (Refused, ValueError, OverflowError) as error:
        return {"verdict": "invalid", "check": reached[-1], "why": str(error)}
    return {"verdict": "valid" if pinned else "unpinned", **found}


def main(words):
    if words == ["batch"]:
        for line in sys.stdin:
            print(json.dumps(run(json.loads(line))), flush=True)
        return 0
    try:
        answer = run(words)
    except (KeyError, IndexError, ValueError, OSError) as error:
        print(__doc__, repr(error), file=sys.stderr)
        return 2
    print(json.dumps(answer))
    return int(answer["verdict"] != "valid")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
