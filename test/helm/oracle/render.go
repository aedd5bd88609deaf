package main

import (
	"fmt"
	"maps"
	"slices"
	"syscall"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/release"
)

// source is a directory or archive of a chart, or its files, with charts to add to its charts/ that its repository keeps elsewhere.
type source struct {
	ChartPath   string            `json:"chartPath"`
	Files       map[string]string `json:"files"`
	ExtraCharts []source          `json:"extraCharts"`
}

// job is one rendering that is asked for. ValuesYAML is the text of a values file.
type job struct {
	source
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

// answer holds either the files or the error, and beside the files what would be sent, or BuildError. LoadMicros and RenderMicros are the time spent inside Helm, CPUMicros what all threads
// of the process worked meanwhile.
type answer struct {
	Files        map[string]string               `json:"files,omitempty"`
	Objects      objects                         `json:"objects,omitempty"`
	Hooks        map[release.HookEvent][]hookRun `json:"hooks,omitempty"`
	Definitions  objects                         `json:"definitions,omitempty"`
	BuildError   string                          `json:"buildError,omitempty"`
	Error        string                          `json:"error,omitempty"`
	LoadMicros   int64                           `json:"loadMicros"`
	RenderMicros int64                           `json:"renderMicros"`
	CPUMicros    int64                           `json:"cpuMicros"`
}

func answerTo(j job) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a.Error = fmt.Sprintf("panic: %v", r)
		}
	}()
	start, cpuBefore := time.Now(), cpuMicros()
	c, err := load(j.source)
	a.LoadMicros = time.Since(start).Microseconds()
	if err != nil {
		a.Error = err.Error()
		return a
	}
	start = time.Now()
	a.Files, err = render(c, j)
	a.RenderMicros = time.Since(start).Microseconds()
	a.CPUMicros = cpuMicros() - cpuBefore
	if err != nil {
		a.Error = err.Error()
		return a
	}
	a.build(c, j)
	return a
}

func cpuMicros() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return (usage.Utime.Nano() + usage.Stime.Nano()) / 1000
}

func load(s source) (*chart.Chart, error) {
	c, err := loadAlone(s)
	if err != nil {
		return nil, err
	}
	for _, e := range s.ExtraCharts {
		extra, err := load(e)
		if err != nil {
			return nil, fmt.Errorf("dependency at %s: %w", e.ChartPath, err)
		}
		c.AddDependency(extra)
	}
	return c, nil
}

func loadAlone(s source) (*chart.Chart, error) {
	if s.Files == nil {
		return loader.Load(s.ChartPath)
	}
	files := make([]*loader.BufferedFile, 0, len(s.Files))
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		files = append(files, &loader.BufferedFile{Name: name, Data: []byte(s.Files[name])})
	}
	return loader.LoadFiles(files)
}

func render(c *chart.Chart, j job) (map[string]string, error) {
	values, err := chartutil.ReadValues([]byte(j.ValuesYAML))
	if err != nil {
		return nil, err
	}
	if c.Metadata.Type != "" && c.Metadata.Type != "application" {
		return nil, fmt.Errorf("%s charts are not installable", c.Metadata.Type)
	}
	if err := chartutil.ProcessDependenciesWithMerge(c, values); err != nil {
		return nil, err
	}
	capabilities, err := capabilitiesOf(j)
	if err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{
		Name: j.Release.Name, Namespace: j.Release.Namespace, Revision: j.Release.Revision,
		IsInstall: j.Release.IsInstall, IsUpgrade: j.Release.IsUpgrade,
	}
	toRender, err := chartutil.ToRenderValuesWithSchemaValidation(c, values, options, capabilities, false)
	if err != nil {
		return nil, err
	}
	version := capabilities.KubeVersion.String()
	if c.Metadata.KubeVersion != "" && !chartutil.IsCompatibleRange(c.Metadata.KubeVersion, version) {
		return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", c.Metadata.KubeVersion, version)
	}
	return engine.Render(c, toRender)
}

func capabilitiesOf(j job) (*chartutil.Capabilities, error) {
	capabilities := chartutil.DefaultCapabilities.Copy()
	version, err := chartutil.ParseKubeVersion(j.KubeVersion)
	if err != nil {
		return nil, err
	}
	capabilities.KubeVersion = *version
	if j.APIVersions != nil {
		capabilities.APIVersions = j.APIVersions
	}
	return capabilities, nil
}
