// Command oracle renders charts by Helm's own packages, as `helm template` does, for as long as its standard input gives jobs.
//
// Each line of input is a JSON job, each line of output the JSON answer to it, in the same order. Helm's warnings go to
// standard error.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
)

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var j job
		if err := json.Unmarshal(line, &j); err != nil {
			log.Fatalf("a job does not parse: %v", err)
		}
		if err := output.Encode(answerTo(j)); err != nil {
			log.Fatalf("an answer was not taken: %v", err)
		}
	}
}
