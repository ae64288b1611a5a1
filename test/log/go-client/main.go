// Checks a log in a folder, and proofs given as JSON, with the client of Go's checksum database; cosignatures of its
// checkpoint with transparency-dev's.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	f_note "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Folder, Origin, Key string
	Witnesses           []string
	Inclusions          []struct {
		Index int64
		Entry []byte
		Path  tlog.RecordProof
	}
	Consistencies []struct {
		Size int64
		Root tlog.Hash
		Path tlog.TreeProof
	}
}

type answer struct {
	Size        int64 `json:"size"`
	Inclusions  int   `json:"inclusions"`
	Consistency int   `json:"consistencies"`
	// Seconds since 1970, by name of the witness.
	Cosigned map[string]uint64 `json:"cosigned"`
}

// tiles reads tiles of 2^8 hashes from a folder. Go's paths begin with the height.
type tiles string

func (folder tiles) Height() int { return 8 }

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		content, err := os.ReadFile(filepath.Join(string(folder), name))
		if err != nil {
			return nil, err
		}
		found[i] = content
	}
	return found, nil
}

func (folder tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	found, err := check()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}

func check() (*answer, error) {
	var asked question
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return nil, err
	}
	tree, cosigned, err := checkpoint(asked)
	if err != nil {
		return nil, err
	}
	// Every hash that it returns leads to the root of the tree.
	reader := tlog.TileHashReader(tree, tiles(asked.Folder))
	for _, one := range asked.Inclusions {
		leaf := tlog.RecordHash(one.Entry)
		if err := tlog.CheckRecord(one.Path, tree.N, tree.Hash, one.Index, leaf); err != nil {
			return nil, fmt.Errorf("inclusion of %d: %w", one.Index, err)
		}
		own, err := tlog.ProveRecord(tree.N, one.Index, reader)
		if err != nil || fmt.Sprint(own) != fmt.Sprint(one.Path) {
			return nil, fmt.Errorf("inclusion of %d: another proof, %v", one.Index, err)
		}
	}
	for _, one := range asked.Consistencies {
		if err := tlog.CheckTree(one.Path, tree.N, tree.Hash, one.Size, one.Root); err != nil {
			return nil, fmt.Errorf("consistency with %d: %w", one.Size, err)
		}
		own, err := tlog.ProveTree(tree.N, one.Size, reader)
		if err != nil || fmt.Sprint(own) != fmt.Sprint(one.Path) {
			return nil, fmt.Errorf("consistency with %d: another proof, %v", one.Size, err)
		}
	}
	return &answer{tree.N, len(asked.Inclusions), len(asked.Consistencies), cosigned}, nil
}

func checkpoint(asked question) (tlog.Tree, map[string]uint64, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(asked.Key)
	if err != nil {
		return tree, nil, err
	}
	verifiers := []note.Verifier{verifier}
	for _, key := range asked.Witnesses {
		witness, err := f_note.NewVerifierForCosignatureV1(key)
		if err != nil {
			return tree, nil, err
		}
		verifiers = append(verifiers, witness)
	}
	content, err := os.ReadFile(filepath.Join(asked.Folder, "checkpoint"))
	if err != nil {
		return tree, nil, err
	}
	opened, err := note.Open(content, note.VerifierList(verifiers...))
	if err != nil {
		return tree, nil, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != asked.Origin {
		return tree, nil, fmt.Errorf("no checkpoint of %s", asked.Origin)
	}
	cosigned := map[string]uint64{}
	for _, signature := range opened.Sigs {
		if signature.Name == verifier.Name() {
			continue
		}
		time, err := f_note.CoSigV1Timestamp(signature)
		if err != nil {
			return tree, nil, err
		}
		cosigned[signature.Name] = uint64(time.Unix())
	}
	if _, err := fmt.Sscan(lines[1], &tree.N); err != nil {
		return tree, nil, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, cosigned, err
}
