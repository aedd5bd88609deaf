// Serves the registry of go-containerregistry with the referrers API, which `crane registry serve` leaves off:
// referrers-registry 127.0.0.1:PORT
package main

import (
	"log"
	"net/http"
	"os"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	log.Fatal(http.ListenAndServe(os.Args[1], registry.New(registry.WithReferrersSupport(true))))
}
