// Package oracle answers jobs by a version of Helm's own packages, as `helm template` does: what is the same for all versions.
package oracle

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
)

// Serve answers jobs for as long as standard input gives some. Each line of input is a JSON job, each line of output the JSON answer
// to it, in the same order. Helm's warnings go to standard error.
func Serve[C any](h Helm[C]) {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var j Job
		if err := json.Unmarshal(line, &j); err != nil {
			log.Fatalf("a job does not parse: %v", err)
		}
		if err := output.Encode(answerTo(h, j)); err != nil {
			log.Fatalf("an answer was not taken: %v", err)
		}
	}
}
