import type { ChartSignature, InventoryEntry, Operation, OperationPhase } from './changes.ts';
import type { Condition, HealthColour } from './conditions.ts';
import type { OnFailure, RolledBack, Uninstall } from './failure.ts';
import type { HookResult, TestRun, Tests } from './hooks.ts';
import type { ObjectMeta } from './metadata.ts';
import type { Notices } from './notices.ts';
import type { ReleasePlan } from './release-plan.ts';
import type { Strategy } from './strategy.ts';

/** Values of a chart: a JSON object. */
export type Values = { [key: string]: unknown };

/** Where the chart comes from: `registry` + `name`, or `inline`; never both. */
export type ChartSpec = {
  /** `oci://host/path` or `https://host/path` (a classic repository). */
  registry?: string;
  name?: string;
  /** An exact version or a semver range; absent means the newest stable one. */
  version?: string;
  /** `sha256:…` of the OCI manifest, or of the tarball where there is none (classic repository, inline). */
  digest?: string;
  /** Files in the chart whose values are merged, in this order, over its values.yaml and under `valuesFrom`. */
  valuesFiles?: string[];
  /** Whether files that the chart does not have are ignored; absent: it must have them all. */
  ignoreMissingValuesFiles?: boolean;
  /** A Secret of the same namespace: a docker configuration, a user and password, or a TLS identity. */
  secretRef?: { name: string };
  /** A chart tarball, base64. */
  inline?: string;
  /** Whose signature it must have. Control, not content: a rollback does not change who is trusted. */
  verify?: ChartVerification;
};

/** Public keys in a Secret or a ConfigMap of the same namespace: exactly one of the two is named. */
export type ChartVerification = {
  /** `Cosign`: signatures in an OCI registry; `Helm`: provenance files. */
  provider: 'Cosign' | 'Helm';
  secretRef?: { name: string };
  configMapRef?: { name: string };
};

/** One source of values, merged in order before `spec.values`. */
export type ValuesReference = {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  /** Key in the object's data; default `values.yaml`. */
  key: string;
  /** Path in the values (`--set` syntax) that takes the raw text; absent: the text is YAML, merged at the root. */
  targetPath?: string;
  optional?: boolean;
};

/** How what templates generate at random is kept. An absent field has the default named here. */
export type GeneratedValues = {
  /** Whether times that templates read are kept too; default `Real`. */
  time?: 'Real' | 'Kept';
  /** What is not kept, each path once; default nothing. */
  renew?: Renewal[];
};

/** When the values of some templates are generated again. */
export type Renewal = {
  /** A template, a folder of templates, or `*` for all. */
  path: string;
  policy: 'OnNewToken' | 'EveryVersion';
  /** With `OnNewToken`, and only then: any text; a different one renews once. */
  token?: string;
};

/** Which objects are chosen: those that match all of it. */
export type ObjectTarget = {
  /** Regular expressions in Go's syntax, for all of the text. */
  group?: string;
  version?: string;
  kind?: string;
  name?: string;
  /** Selectors as `kubectl get --selector` takes them. */
  labelSelector?: string;
  annotationSelector?: string;
};

/** A change of what the chart renders. */
export type Patch = {
  /** Absent: the patch names its object itself. */
  target?: ObjectTarget;
  /** YAML or JSON: a map to merge, or a list of operations of a JSON patch. */
  patch: string;
  /** Whether it may match no object. */
  optional?: boolean;
};

/** Fields that a chart sets when it creates an object, and that belong to whoever sets them after that. */
export type IgnoreRule = {
  target: ObjectTarget;
  /** JSON pointers; `*` stands for one key or item. */
  paths: string[];
};

/** What has to be ready before a new version is made: a Release, or another object, of the same namespace. */
export type Dependency = {
  /** Both or neither; neither: a Release. */
  apiVersion?: string;
  kind?: string;
  name: string;
  /** The type of a condition that has to be True. Without it and `ready`, the object has to be Green. */
  condition?: string;
  /** An expression in CEL that has to be true. */
  ready?: string;
};

/** Expressions in CEL that decide the health of children in place of the rules of their kind. */
export type HealthCheck = {
  apiVersion: string;
  kind: string;
  /** Absent: all of the kind. */
  name?: string;
  red?: string;
  green?: string;
  yellow?: string;
  /** A text, for what is not Green. */
  message?: string;
};

/** What all objects and hooks of a Release have. */
export type CommonMetadata = {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};

/** A version of Helm whose rendering is reproduced. */
export type HelmVersion = 'v3' | 'v4';

/** Which objects that exist already a Release may take over. */
export type Adoption = 'Never' | 'HelmRelease' | 'Labelled' | 'Any';

/** What a version consists of; the rest of the spec is control. */
export type ReleaseContent = {
  chart: ChartSpec;
  /** The Helm whose rendering is reproduced; absent: `v4`. */
  helmVersion?: HelmVersion;
  values?: Values;
  valuesFrom?: ValuesReference[];
  generatedValues?: GeneratedValues;
  /** Applied, in this order, to what was rendered. */
  patches?: Patch[];
  commonMetadata?: CommonMetadata;
  /** How the version comes into force; absent: `Apply`. Its `keepFor` and `checks` are control. */
  strategy?: Strategy;
};

/** The spec as the API server stores it, defaults filled in. */
export type ReleaseSpec = ReleaseContent & {
  /** The version in force; edit it to go back. The controller sets it when it records a version. */
  version?: number;
  serviceAccountName: string;
  suspend: boolean;
  /** Whether a change is made by itself, or waits until its plan is approved. */
  approval: 'Automatic' | 'Manual';
  /** The digest of the plan that may be carried out. */
  approvedPlan?: string;
  /** Whether Helm's hooks run; Skip goes on without them. */
  hooks: 'Run' | 'Skip';
  /** Whether values have to match the chart's values.schema.json; Skip does not read it. */
  schemaValidation: 'Run' | 'Skip';
  /** Which objects that exist already may be taken over, of those that no other Release owns. */
  adopt: Adoption;
  /** What happens to children that differ from the version in force: corrected; only reported; neither. */
  drift: 'Repair' | 'Report' | 'Ignore';
  /** Whether a change of what templates asked of the cluster leads to a new version; absent: `Follow`. */
  clusterChanges?: 'Follow' | 'Ignore';
  /** What happens when a version fails; absent: `Stop`. */
  onFailure?: OnFailure;
  /** Absent: the tests of the chart run only when somebody asks. */
  tests?: Tests;
  uninstall?: Uninstall;
  /** What has to be ready first. */
  dependsOn?: Dependency[];
  /** What decides the health of children instead of the rules of their kinds; the first of each that fits. */
  healthChecks?: HealthCheck[];
  /** What is left to others. */
  ignore?: IgnoreRule[];
  /** What happens to the definitions in a chart's `crds/`: created if they do not exist; upgraded too, as far as is safe; left out. */
  crds: 'Create' | 'Upgrade' | 'Skip';
  /** Whether an object is deleted and created again when one of its immutable fields changes, if that loses nothing. */
  recreate: 'Safe' | 'Never';
  /** Objects that are deleted and created again, whatever may be lost. */
  allowRecreate?: { kind: string; name: string }[];
  /** Go duration: how often a range is resolved again, and the longest time between two attempts at something that fails. */
  interval: string;
  /** Go duration: how long children may take to become Green. */
  timeout: string;
  /** Go duration: how long trouble that may pass by itself may last before it is Red. */
  redAfter: string;
  historyLimit: number;
};

/** A child, or an object that may be one, with its health. */
export type ResourceStatus = InventoryEntry & {
  health: HealthColour;
  message?: string;
  /** How work that was done for the present operation ended: it is not started again even if its object disappears. */
  finished?: Finished;
  /** Whether it is of the colour that is kept after the cut: its health does not count. */
  standby?: boolean;
};

/** How work ended; Unknown where its object disappeared by itself before that was seen. */
export type Finished = 'Succeeded' | 'Failed' | 'Unknown';

/** One row of `status.history`, newest first. */
export type HistorySummary = {
  version: number;
  /** `name-version` of the chart. */
  chart: string;
  appVersion?: string;
  /** RFC 3339. */
  time: string;
  description: string;
  /** Whether its post-* hooks or tests have not succeeded, or it failed and was rolled back: going to it is an upgrade, with its hooks. */
  unfinished?: boolean;
  /** How the last run of its tests ended. */
  tests?: 'Succeeded' | 'Failed';
};

/** The status as the controller writes it, whole, by server-side apply. */
export type ReleaseStatus = {
  observedGeneration?: number;
  /** The last token of the annotation `coxswain.dev/reconcile` that a pass has answered. */
  lastHandledReconcile?: string;
  /** The version in force: the last one of which everything was applied. */
  version?: number;
  chart?: { name: string; version: string; appVersion?: string; digest: string; verified?: ChartSignature };
  health?: HealthColour;
  /** One line: the cause of the health. */
  message?: string;
  conditions?: Condition[];
  /** Digest of the valuesFrom data that count as seen for the version of the operation: only other data make a new version. */
  inputs?: string;
  /**
   * For a chart reference that can move: its range, and the digest that it was seen to resolve to (absent until then). Only another digest
   * makes a new version.
   */
  followed?: { range: string; digest?: string };
  /** Digest of the cluster's answers that were last found to change nothing in what is rendered: they make no new version. */
  cluster?: string;
  /** Digest of the spec's content as last seen and, where a version was asked for together with it, that version. */
  observedContent?: { digest: string; besideVersion?: number };
  /** Digest of the content that a rollback left: applied again, as by a tool that keeps applying one manifest, it asks for nothing. */
  leftContent?: string;
  /** The change that waits for approval. */
  plan?: ReleasePlan;
  /** The last version that was Green while it was in force; only written together with other changes. */
  lastGreen?: number;
  /** The version that failed last, until a version other than the one gone back to is begun. */
  rolledBack?: RolledBack;
  /** Where its service account names receivers: what was last sent to them, and what is still to be sent. */
  notices?: Notices;
  operation?: {
    type: Operation;
    version: number;
    /** The version that is kept in place until the pre-* hooks have succeeded. */
    from?: number;
    /** `Beside`: a new colour comes up beside the version in force. */
    phase: OperationPhase;
    /** RFC 3339: when the present attempt started. */
    startedAt: string;
    /**
     * RFC 3339, with `onFailure: Rollback` or colours: when everything was applied, or later, when the tests had ended; in phase Beside,
     * when the new colour was begun.
     */
    appliedAt?: string;
    /** The version whose colour is kept since the cut. */
    standby?: number;
    /** With `approval: Manual`: a digest of the control fields that it began with. While they differ, it waits. */
    control?: string;
    /** The last failure of its hooks or tests. */
    failure?: { at: string; generation: number; times: number };
  };
  hooks?: HookResult[];
  tests?: TestRun;
  /** The inventory: what may exist, the old and the new while a change is under way. */
  resources?: ResourceStatus[];
  history?: HistorySummary[];
};

/** A Release. */
export type Release = {
  apiVersion: string;
  kind: 'Release';
  metadata: ObjectMeta;
  spec: ReleaseSpec;
  status?: ReleaseStatus;
};
