// Web is what the pods of the stories run: a web server whose probes can be told to fail, and programs that end in each way.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const usage = `web              serves PORT (80): /, and /ready and /alive, which answer 503 after POST fail, and 200 again after POST pass
web say TEXT CODE  prints TEXT and ends with CODE
web eat            takes memory until it is ended
web wait           waits for SIGTERM
web get URL        prints what is answered there
web write FILE TEXT, web read FILE`

func main() {
	arguments := append(os.Args[1:], "", "", "")
	switch arguments[0] {
	case "", "serve":
		serve()
	case "say":
		fmt.Println(arguments[1])
		code, _ := strconv.Atoi(arguments[2])
		os.Exit(code)
	case "get":
		get(arguments[1])
	case "write":
		must(os.WriteFile(arguments[1], []byte(arguments[2]+"\n"), 0o644))
	case "read":
		content, err := os.ReadFile(arguments[1])
		must(err)
		os.Stdout.Write(content)
	case "eat":
		eat()
	case "wait":
		untilTold()
	default:
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
}

func serve() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "80"
	}
	hostname, _ := os.Hostname()
	http.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(answer, "%s\n%s\n", hostname, os.Getenv("GREETING"))
	})
	for _, path := range []string{"/ready", "/alive"} {
		http.Handle(path, &probe{})
	}
	fmt.Printf("%s serves port %s\n", hostname, port)
	go func() {
		must(http.ListenAndServe(":"+port, nil))
	}()
	untilTold()
	// Those who have yet to hear that this pod goes are served meanwhile.
	time.Sleep(lingers)
}

const lingers = 5 * time.Second

// A probe answers 200 until it is told to fail.
type probe struct {
	sync.Mutex
	fails bool
}

func (p *probe) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	p.Lock()
	defer p.Unlock()
	if request.Method == http.MethodPost {
		body, _ := io.ReadAll(io.LimitReader(request.Body, 16))
		p.fails = strings.TrimSpace(string(body)) == "fail"
		fmt.Printf("%s is told: %s\n", request.URL.Path, body)
		return
	}
	if p.fails {
		http.Error(answer, "told to fail", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(answer, "ok")
}

func get(url string) {
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get(url)
	must(err)
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	must(err)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func eat() {
	fmt.Println("eating")
	var eaten [][]byte
	for {
		piece := make([]byte, 1<<20)
		for i := range piece {
			piece[i] = 1
		}
		eaten = append(eaten, piece)
		time.Sleep(time.Duration(len(eaten)) * time.Microsecond)
	}
}

func untilTold() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGINT)
	<-told
}
