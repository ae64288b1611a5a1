// Proves one witness repeatedly with rapidsnark and a loaded key, for comparison with other in-process provers. This
// main program is ours; the library that it is linked with is LGPL-3.0 and is fetched by build-rapidsnark.sh.
//
//   rapidsnark-warm <circuit.zkey> <witness.wtns> <proofs> [--threads n] [--out <folder>] [--wait]
//
// Writes JSON lines: {"loadMs","version"} after loading the key, {"proveMs","cpuMs"} per proof, and finally {"threads",
// "peakRssBytes"}. --out saves the last proof as proof.json and public.json. With --wait it makes one proof per line on
// stdin, so that runs can alternate with others; <proofs> is then the maximum.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

// rapidsnark's interface for a loaded key (prover.h of github.com/iden3/rapidsnark). The library in the Go module has
// these symbols, but its header does not declare them.
extern "C" {
int groth16_prover_create(void **prover, const void *zkey, unsigned long long zkey_size, char *error,
                          unsigned long long error_size);
int groth16_prover_prove(void *prover, const void *wtns, unsigned long long wtns_size, char *proof,
                         unsigned long long *proof_size, char *publics, unsigned long long *public_size, char *error,
                         unsigned long long error_size);
void groth16_prover_destroy(void *prover);
}

#ifndef RAPIDSNARK_VERSION
#define RAPIDSNARK_VERSION "unknown"
#endif

static unsigned wantedThreads = 1;

// Determines the size of rapidsnark's thread pool. The version in libstdc++ ignores the CPU affinity of the process; a
// definition in the program takes precedence over it.
unsigned int std::thread::hardware_concurrency() noexcept { return wantedThreads; }

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// CPU time of all threads of this process: close to the wall time if and only if one thread worked.
double cpuMilliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval &time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

[[noreturn]] void fail(const std::string &what) {
  std::cerr << what << "\n";
  std::exit(1);
}

std::vector<char> readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Options {
  std::string zkey, witness, out;
  int proofs = 0;
  bool wait = false;
};

Options parse(int argc, char **argv) {
  Options options;
  std::vector<std::string> words;
  for (int i = 1; i < argc; i += 1) {
    const std::string word = argv[i];
    if (word == "--threads" && i + 1 < argc) wantedThreads = std::stoul(argv[i += 1]);
    else if (word == "--out" && i + 1 < argc) options.out = argv[i += 1];
    else if (word == "--wait") options.wait = true;
    else words.push_back(word);
  }
  if (words.size() != 3 || wantedThreads == 0) {
    fail("usage: rapidsnark-warm <circuit.zkey> <witness.wtns> <proofs> [--threads n] [--out <folder>] [--wait]");
  }
  options.zkey = words[0];
  options.witness = words[1];
  options.proofs = std::stoi(words[2]);
  return options;
}

/// Peak memory of this process. ru_maxrss would start from its parent's value.
long long peakRssBytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  long long kibibytes = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

struct Answer {
  std::vector<char> proof = std::vector<char>(1 << 14);
  std::vector<char> publics = std::vector<char>(1 << 20);
};

void proveOnce(void *prover, const std::vector<char> &witness, Answer &answer) {
  std::vector<char> error(1024);
  unsigned long long proofSize = answer.proof.size(), publicSize = answer.publics.size();
  const double cpu = cpuMilliseconds();
  const auto start = Clock::now();
  const int code = groth16_prover_prove(prover, witness.data(), witness.size(), answer.proof.data(), &proofSize,
                                        answer.publics.data(), &publicSize, error.data(), error.size());
  const double wall = millisecondsSince(start);
  if (code != 0) fail(std::string("rapidsnark: ") + error.data());
  std::printf("{\"proveMs\":%.3f,\"cpuMs\":%.3f}\n", wall, cpuMilliseconds() - cpu);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char **argv) {
  const Options options = parse(argc, argv);
  const auto start = Clock::now();
  const auto zkey = readFile(options.zkey);
  const auto witness = readFile(options.witness);
  std::vector<char> error(1024);
  void *prover = nullptr;
  if (groth16_prover_create(&prover, zkey.data(), zkey.size(), error.data(), error.size()) != 0) {
    fail(std::string("rapidsnark: ") + error.data());
  }
  std::printf("{\"loadMs\":%.3f,\"version\":\"%s\"}\n", millisecondsSince(start), RAPIDSNARK_VERSION);
  std::fflush(stdout);
  Answer answer;
  std::string line;
  for (int i = 0; i < options.proofs && (!options.wait || std::getline(std::cin, line)); i += 1) {
    proveOnce(prover, witness, answer);
  }
  if (!options.out.empty()) {
    std::ofstream(options.out + "/proof.json") << answer.proof.data();
    std::ofstream(options.out + "/public.json") << answer.publics.data();
  }
  groth16_prover_destroy(prover);
  std::printf("{\"threads\":%u,\"peakRssBytes\":%lld}\n", wantedThreads, peakRssBytes());
}
