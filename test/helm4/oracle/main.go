// Command oracle renders charts by the packages of Helm 4.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	oracle "coxswain/test/helm-oracle"

	"helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	loaderv2 "helm.sh/helm/v4/pkg/chart/v2/loader"
	utilv2 "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

func main() {
	oracle.Serve(oracle.Helm[chart.Charter]{
		Load:          loader.Load,
		LoadFiles:     loadFiles,
		AddDependency: addDependency,
		Render:        render,
		Sort:          sort,
		Definitions:   definitions,
	})
}

func loadFiles(byName map[string]string) (chart.Charter, error) {
	files := make([]*archive.BufferedFile, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		files = append(files, &archive.BufferedFile{Name: name, Data: []byte(byName[name])})
	}
	return loaderv2.LoadFiles(files)
}

func addDependency(to, added chart.Charter) error {
	parent, isParentV2 := to.(*chartv2.Chart)
	child, isChildV2 := added.(*chartv2.Chart)
	if !isParentV2 || !isChildV2 {
		return errors.New("only charts of version 2 have dependencies added")
	}
	parent.AddDependency(child)
	return nil
}

func render(charter chart.Charter, j oracle.Job) (map[string]string, error) {
	values, err := loaderv2.LoadValues(bytes.NewReader([]byte(j.ValuesYAML)))
	if err != nil {
		return nil, err
	}
	c, isV2 := charter.(*chartv2.Chart)
	if !isV2 {
		return nil, errors.New("invalid chart apiVersion")
	}
	if c.Metadata.Type != "" && c.Metadata.Type != "application" {
		return nil, fmt.Errorf("%s charts are not installable", c.Metadata.Type)
	}
	if err := utilv2.ProcessDependencies(c, values); err != nil {
		return nil, fmt.Errorf("chart dependencies processing failed: %w", err)
	}
	capabilities, err := capabilitiesOf(j)
	if err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{
		Name: j.Release.Name, Namespace: j.Release.Namespace, Revision: j.Release.Revision,
		IsInstall: j.Release.IsInstall, IsUpgrade: j.Release.IsUpgrade,
	}
	toRender, err := util.ToRenderValuesWithSchemaValidation(c, values, options, capabilities, false)
	if err != nil {
		return nil, err
	}
	version := capabilities.KubeVersion
	if c.Metadata.KubeVersion != "" && !utilv2.IsCompatibleRange(c.Metadata.KubeVersion, version.String()) {
		return nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", c.Metadata.KubeVersion, version.Version)
	}
	return engine.Render(c, toRender)
}

func capabilitiesOf(j oracle.Job) (*common.Capabilities, error) {
	capabilities := common.DefaultCapabilities.Copy()
	version, err := common.ParseKubeVersion(j.KubeVersion)
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

func definitions(c chart.Charter) (files []oracle.Document) {
	for _, crd := range c.(*chartv2.Chart).CRDObjects() {
		files = append(files, oracle.Document{Path: crd.Filename, Text: string(crd.File.Data)})
	}
	return files
}
