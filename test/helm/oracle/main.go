// Command oracle renders charts by the packages of Helm 3.
package main

import (
	"fmt"
	"maps"
	"slices"

	oracle "coxswain/test/helm-oracle"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
)

func main() {
	oracle.Serve(oracle.Helm[*chart.Chart]{
		Load:      loader.Load,
		LoadFiles: loadFiles,
		AddDependency: func(to, added *chart.Chart) error {
			to.AddDependency(added)
			return nil
		},
		Render:      render,
		Sort:        sort,
		Definitions: definitions,
	})
}

func loadFiles(byName map[string]string) (*chart.Chart, error) {
	files := make([]*loader.BufferedFile, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		files = append(files, &loader.BufferedFile{Name: name, Data: []byte(byName[name])})
	}
	return loader.LoadFiles(files)
}

func render(c *chart.Chart, j oracle.Job) (map[string]string, error) {
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

func capabilitiesOf(j oracle.Job) (*chartutil.Capabilities, error) {
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

func sort(files map[string]string) (hooks []oracle.Hook, documents []oracle.Document, err error) {
	sorted, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	for _, h := range sorted {
		hook := oracle.Hook{
			Document: oracle.Document{Path: h.Path, Text: h.Manifest}, Name: h.Name, Weight: h.Weight, DeletePolicies: []string{},
		}
		for _, event := range h.Events {
			hook.Events = append(hook.Events, string(event))
		}
		for _, policy := range h.DeletePolicies {
			hook.DeletePolicies = append(hook.DeletePolicies, string(policy))
		}
		hooks = append(hooks, hook)
	}
	for _, m := range manifests {
		documents = append(documents, oracle.Document{Path: m.Name, Text: m.Content})
	}
	return hooks, documents, err
}

func definitions(c *chart.Chart) (files []oracle.Document) {
	for _, crd := range c.CRDObjects() {
		files = append(files, oracle.Document{Path: crd.Filename, Text: string(crd.File.Data)})
	}
	return files
}
