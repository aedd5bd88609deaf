// Records anew what Go makes of the templates in results.jsonl, whose first line is the data for all of them:
// go run main.go < results.jsonl > new.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"
)

type recordedCase struct {
	Template string  `json:"template"`
	Output   *string `json:"output,omitempty"`
	Error    string  `json:"error,omitempty"`
}

type ver struct {
	Major string
	Minor string
	Raw   int64
}

func (v *ver) String() string        { return "v" + v.Major + "." + v.Minor }
func (v *ver) Has(s string) bool     { return s == v.Major }
func (v *ver) Fail() (string, error) { return "", errors.New("method failed") }

type meta struct {
	Name string
	Sub  map[string]string
	List []string
}
type set []string

func (s set) Has(x string) bool {
	for _, y := range s {
		if y == x {
			return true
		}
	}
	return false
}

func funcs(t *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			var b strings.Builder
			err := t.ExecuteTemplate(&b, name, data)
			return b.String(), err
		},
		"list": func(v ...interface{}) []interface{} { return v },
		"dict": func(v ...interface{}) map[string]interface{} {
			d := map[string]interface{}{}
			for i := 0; i+1 < len(v); i += 2 {
				d[fmt.Sprint(v[i])] = v[i+1]
			}
			return d
		},
		"trunc": func(c int, s string) string {
			if c < len(s) {
				return s[:c]
			}
			return s
		},
		"upper": strings.ToUpper,
		"int64": func(v interface{}) int64 {
			switch x := v.(type) {
			case int:
				return int64(x)
			case float64:
				return int64(x)
			}
			return 0
		},
		"int": func(v interface{}) int {
			switch x := v.(type) {
			case int64:
				return int(x)
			case float64:
				return int(x)
			}
			return 0
		},
		"uint8v": func(v int) uint8 { return uint8(v) },
		"uintv":  func(v int) uint { return uint(v) },
		"has":    func(d map[string]interface{}, k string) bool { _, ok := d[k]; return ok },
		"set":    func(d map[string]interface{}, k string, v interface{}) map[string]interface{} { d[k] = v; return d },
		"flt":    func(f float64) float64 { return f * 2 },
		"bl":     func(b bool) bool { return !b },
		"i64":    func(i int64) int64 { return i + 1 },
		"cat":    func(l []interface{}) int { return len(l) },
		"strs":   func(s ...string) []string { return s },
		"joins":  func(s []string) string { return strings.Join(s, ",") },
		"bytes":  func(s string) []byte { return []byte(s) },
		"smap":   func() map[string]string { return map[string]string{"a": "x", "n": "1"} },
		"nilv":   func() interface{} { return nil },
		"fail":   func(s string) (string, error) { return "", errors.New(s) },
		"ver":    func() *ver { return &ver{"1", "30", 7} },
		"meta":   func() meta { return meta{"nm", map[string]string{"k": "v"}, []string{"l1", "l2"}} },
		"metap":  func() *meta { return &meta{"nm", map[string]string{"k": "v"}, []string{"l1", "l2"}} },
		"vset":   func() set { return set{"v1", "apps/v1"} },
		"dur":    func() time.Duration { return 90 * time.Second },
		"must":   func(n, m int, s string, r ...float64) string { return fmt.Sprint(n, m, s, r) },
	}
}

func run(text string, data any) recordedCase {
	t := template.New("gotpl").Option("missingkey=zero")
	t.Funcs(funcs(t))
	if _, err := t.New("c/t.yaml").Parse(text); err != nil {
		return recordedCase{Template: text, Error: err.Error()}
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, "c/t.yaml", data); err != nil {
		return recordedCase{Template: text, Error: err.Error()}
	}
	output := b.String()
	return recordedCase{Template: text, Output: &output}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	var data json.RawMessage
	for lines.Scan() {
		if data == nil {
			data = append(data, lines.Bytes()...)
			must(encoder.Encode(data))
			continue
		}
		var c recordedCase
		must(json.Unmarshal(lines.Bytes(), &c))
		// Functions may change the data: every case starts from the recorded one.
		var fresh any
		must(json.Unmarshal(data, &fresh))
		must(encoder.Encode(run(c.Template, fresh)))
	}
	must(lines.Err())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
