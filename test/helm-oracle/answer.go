package oracle

import (
	"fmt"
	"syscall"
	"time"
)

// Helm is a version of Helm, with its type of charts.
type Helm[C any] struct {
	// Load reads a directory or an archive.
	Load func(path string) (C, error)
	// LoadFiles makes a chart of files by name.
	LoadFiles func(files map[string]string) (C, error)
	// AddDependency puts a chart into the charts/ of another one.
	AddDependency func(to, added C) error
	// Render gives the rendered files by name.
	Render func(c C, j Job) (map[string]string, error)
	// Sort tells hooks from other documents, each in the order of their kinds.
	Sort func(files map[string]string) ([]Hook, []Document, error)
	// Definitions are the files in crds/.
	Definitions func(c C) []Document
}

// Document is a YAML document and the file it is from.
type Document struct{ Path, Text string }

// Hook is a hook as the chart declares it.
type Hook struct {
	Document
	Name           string
	Weight         int
	Events         []string
	DeletePolicies []string
}

// source is a directory or archive of a chart, or its files, with charts to add to its charts/ that its repository keeps elsewhere.
type source struct {
	ChartPath   string            `json:"chartPath"`
	Files       map[string]string `json:"files"`
	ExtraCharts []source          `json:"extraCharts"`
}

// Job is one rendering that is asked for. ValuesYAML is the text of a values file; with FilesOnly nobody asks what would be sent.
type Job struct {
	source
	FilesOnly   bool     `json:"filesOnly"`
	ValuesYAML  string   `json:"valuesYaml"`
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
	Release     struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
		Revision  int    `json:"revision"`
		IsInstall bool   `json:"isInstall"`
		IsUpgrade bool   `json:"isUpgrade"`
	} `json:"release"`
}

// answer holds either the files or the error, and beside the files what would be sent, or BuildError. LoadMicros and RenderMicros are
// the time spent inside Helm, CPUMicros what all threads of the process worked meanwhile.
type answer struct {
	Files        map[string]string    `json:"files,omitempty"`
	Objects      objects              `json:"objects,omitempty"`
	Hooks        map[string][]hookRun `json:"hooks,omitempty"`
	Definitions  objects              `json:"definitions,omitempty"`
	BuildError   string               `json:"buildError,omitempty"`
	Error        string               `json:"error,omitempty"`
	LoadMicros   int64                `json:"loadMicros"`
	RenderMicros int64                `json:"renderMicros"`
	CPUMicros    int64                `json:"cpuMicros"`
}

func answerTo[C any](h Helm[C], j Job) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a.Error = fmt.Sprintf("panic: %v", r)
		}
	}()
	start, cpuBefore := time.Now(), cpuMicros()
	c, err := load(h, j.source)
	a.LoadMicros = time.Since(start).Microseconds()
	a.CPUMicros = cpuMicros() - cpuBefore
	if err != nil {
		a.Error = err.Error()
		return a
	}
	start = time.Now()
	a.Files, err = h.Render(c, j)
	a.RenderMicros = time.Since(start).Microseconds()
	a.CPUMicros = cpuMicros() - cpuBefore
	if err != nil {
		a.Error = err.Error()
		return a
	}
	if j.FilesOnly {
		return a
	}
	if err := build(&a, h, c, j.Release.Namespace); err != nil {
		a.BuildError = err.Error()
	}
	return a
}

func cpuMicros() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}

func load[C any](h Helm[C], s source) (C, error) {
	c, err := loadAlone(h, s)
	if err != nil {
		return c, err
	}
	for _, e := range s.ExtraCharts {
		extra, err := load(h, e)
		if err != nil {
			return c, fmt.Errorf("dependency at %s: %w", e.ChartPath, err)
		}
		if err := h.AddDependency(c, extra); err != nil {
			return c, err
		}
	}
	return c, nil
}

func loadAlone[C any](h Helm[C], s source) (C, error) {
	if s.Files == nil {
		return h.Load(s.ChartPath)
	}
	return h.LoadFiles(s.Files)
}
