package oracle

import (
	"fmt"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// objects is what is sent, each as the text of its JSON: JSON within JSON, so that no reader takes a digit away.
type objects []string

// hookRun is what one hook sends at one event.
type hookRun struct {
	Source         string   `json:"source"`
	Weight         int      `json:"weight"`
	DeletePolicies []string `json:"deletePolicies"`
	Objects        objects  `json:"objects"`
}

// build fills in all that `helm install` and `helm upgrade` would send, in their order, or tells why they would send nothing.
func build[C any](a *answer, h Helm[C], c C, namespace string) (err error) {
	files := map[string]string{}
	for name, text := range a.Files {
		if !strings.HasSuffix(name, "NOTES.txt") {
			files[name] = text
		}
	}
	hooks, documents, err := h.Sort(files)
	if err != nil {
		return err
	}
	for _, definitions := range h.Definitions(c) {
		built, err := read(definitions.Text, namespace)
		if err != nil {
			return fmt.Errorf("failed to install CRD %s: %w", definitions.Path, err)
		}
		a.Definitions = append(a.Definitions, built...)
	}
	var manifest strings.Builder
	for _, d := range documents {
		fmt.Fprintf(&manifest, "---\n# Source: %s\n%s\n", d.Path, d.Text)
	}
	if a.Objects, err = read(manifest.String(), namespace); err != nil {
		return fmt.Errorf("unable to build kubernetes objects from release manifest: %w", err)
	}
	a.Hooks, err = runsOf(hooks, namespace)
	return err
}

// runsOf has the hooks of each event in the order of execHook in Helm's pkg/action.
func runsOf(hooks []Hook, namespace string) (map[string][]hookRun, error) {
	runs := map[string][]hookRun{}
	sort.SliceStable(hooks, func(i, k int) bool {
		if hooks[i].Weight == hooks[k].Weight {
			return hooks[i].Name < hooks[k].Name
		}
		return hooks[i].Weight < hooks[k].Weight
	})
	for _, h := range hooks {
		built, err := readHook(h.Text, namespace)
		if err != nil {
			return nil, fmt.Errorf("unable to build kubernetes object for hook %s: %w", h.Path, err)
		}
		for _, event := range h.Events {
			runs[event] = append(runs[event], hookRun{h.Path, h.Weight, h.DeletePolicies, built})
		}
	}
	return runs, nil
}

// read gives the objects of a manifest, and refuses the names for which a request that looks whether they exist cannot be made.
func read(manifest, namespace string) (objects, error) {
	infos, err := infosOf(manifest, namespace)
	if err != nil {
		return nil, err
	}
	for _, info := range infos {
		if problems := rest.IsValidPathSegmentName(info.Name); len(problems) > 0 || info.Name == "" {
			return nil, fmt.Errorf("%s %q: no name for a request %q", info.Mapping.GroupVersionKind.Kind, info.Name, problems)
		}
	}
	return textsOf(infos)
}

// readHook gives the objects of a hook, which is created without a look whether it exists, so that the server may name it; of names
// the server takes those only with which requests can be made.
func readHook(manifest, namespace string) (objects, error) {
	infos, err := infosOf(manifest, namespace)
	if err != nil {
		return nil, err
	}
	for _, info := range infos {
		if problems := rest.IsValidPathSegmentName(info.Name); len(problems) > 0 {
			return nil, fmt.Errorf("%s %q: no name to create %q", info.Mapping.GroupVersionKind.Kind, info.Name, problems)
		}
	}
	return textsOf(infos)
}

func textsOf(infos []*resource.Info) (objects, error) {
	texts := objects{}
	for _, info := range infos {
		text, err := info.Object.(interface{ MarshalJSON() ([]byte, error) }).MarshalJSON()
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

// infosOf goes the way of Build in Helm's pkg/kube, with a cluster that has every kind, each of them in namespaces.
func infosOf(manifest, namespace string) ([]*resource.Info, error) {
	return resource.NewFakeBuilder(
		func(schema.GroupVersion) (resource.RESTClient, error) { return nil, nil },
		func() (meta.RESTMapper, error) { return everyKind{}, nil },
		func() (restmapper.CategoryExpander, error) { return nil, nil },
	).
		ContinueOnError().NamespaceParam(namespace).DefaultNamespace().Flatten().
		Unstructured().
		Stream(strings.NewReader(manifest), "").
		Do().Infos()
}

// everyKind maps each kind that has a name and a version.
type everyKind struct{ meta.RESTMapper }

func (everyKind) RESTMapping(kind schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	if kind.Kind == "" || len(versions) == 0 || versions[0] == "" {
		return nil, &meta.NoKindMatchError{GroupKind: kind, SearchedVersions: versions}
	}
	as := kind.WithVersion(versions[0])
	plural, _ := meta.UnsafeGuessKindToResource(as)
	return &meta.RESTMapping{Resource: plural, GroupVersionKind: as, Scope: meta.RESTScopeNamespace}, nil
}
