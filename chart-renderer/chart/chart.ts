import type { Json } from '../../golang/json/index.ts';
import type { YamlMapValue } from '../../golang/yaml/index.ts';
import type { ChartFile } from '../archive/file.ts';
import type { HelmVersion } from '../helm-version.ts';

/** Who to ask about a chart. */
export interface Maintainer {
  readonly name: string;
  readonly email: string;
  readonly url: string;
}

/** A chart that another one needs, as its Chart.yaml or requirements.yaml says. */
export interface ChartDependency {
  readonly name: string;
  /** A semver range. */
  readonly version: string;
  readonly repository: string;
  /** Comma-separated paths of values; the first that is a boolean switches the dependency on or off. */
  readonly condition: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** Either `{child, parent}` or the name of a table under the dependency's `exports`. */
  readonly 'import-values': readonly Json[];
  readonly alias: string;
}

/** What Chart.yaml says, decoded as by Helm: absent fields are empty, numbers in text fields are text. */
export interface ChartMetadata {
  readonly apiVersion: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly appVersion: string;
  readonly description: string;
  readonly kubeVersion: string;
  readonly home: string;
  readonly icon: string;
  readonly condition: string;
  readonly tags: string;
  readonly deprecated: boolean;
  readonly sources: readonly string[];
  readonly keywords: readonly string[];
  readonly maintainers: readonly Maintainer[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly dependencies: readonly ChartDependency[];
  /** Whether the field is present at all: Helm does not treat an empty list of dependencies like a missing one. */
  readonly declaresDependencies: boolean;
  /** `handlebars` for charts whose templates are Handlebars; empty for Go templates. Not a field of Helm's. */
  readonly engine: string;
}

/** A loaded chart with the charts in its `charts/`. Immutable: renderings share it. */
export interface Chart {
  /** The version of Helm that is followed in loading and rendering it. */
  readonly helmVersion: HelmVersion;
  readonly metadata: ChartMetadata;
  /** The defaults of values.yaml. */
  readonly values: ReadonlyMap<string, YamlMapValue>;
  /** The bytes of values.yaml. */
  readonly valuesFile: Uint8Array | undefined;
  /** The bytes of values.schema.json. */
  readonly schema: Uint8Array | undefined;
  /** The files below `templates/`. */
  readonly templates: readonly ChartFile[];
  /** All other files: what `.Files` shows, and `crds/`. */
  readonly files: readonly ChartFile[];
  readonly dependencies: readonly Chart[];
  /** What each dependency of the metadata has as `depends-on`, unchecked; undefined if none has it. */
  readonly declaredOrder?: readonly (Json | undefined)[] | undefined;
  /** What Helm logs as it loads the chart, without what it logs of those in `charts/`. */
  readonly warnings: readonly string[];
}
