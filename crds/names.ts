import type { ObjectMeta } from './metadata.ts';

/** API group of every Coxswain kind. */
export const API_GROUP = 'coxswain.dev';
/** Served and stored version of the group. */
export const API_VERSION = 'v1alpha1';
/** `apiVersion` of every Coxswain kind. */
export const GROUP_VERSION = `${API_GROUP}/${API_VERSION}`;

/** Field manager of what the controller makes for Releases: their children and hooks. */
export const FIELD_MANAGER = 'coxswain';
/** Field manager of `spec.version` and the finalizer, apart from that of children: a Release can be the child of another one. */
export const VERSION_MANAGER = 'coxswain-version';
/** Finalizer that keeps a deleted Release until its children are gone. */
export const FINALIZER = `${API_GROUP}/finalizer`;

/** Label on every child, history and chunk: the name of the owning Release. */
export const RELEASE_LABEL = `${API_GROUP}/release`;
/** Label on every history: the uid of the owning Release, which stays when the owner reference is removed. */
export const RELEASE_UID_LABEL = `${API_GROUP}/release-uid`;
/** Annotation on a history that was kept when its Release was deleted with its children: the next version is an install. */
export const UNINSTALLED_ANNOTATION = `${API_GROUP}/uninstalled`;
/** Annotation on a history that was recorded to be planned, as its Release waits for approval: taken off before the version is begun. */
export const PLANNED_ANNOTATION = `${API_GROUP}/planned`;
/** Annotation on a history that a Release has taken over from an earlier one of its name. */
export const INHERITED_ANNOTATION = `${API_GROUP}/inherited`;
/** Label on every child: the namespace of the owning Release (children may be cluster-scoped). */
export const RELEASE_NAMESPACE_LABEL = `${API_GROUP}/release-namespace`;
/** Label on the objects of one colour and on their pods: the version that they belong to, such as `v2`. */
export const COLOUR_LABEL = `${API_GROUP}/colour`;
/** Annotation on every child: digest of the desired state that was applied last. */
export const APPLIED_ANNOTATION = `${API_GROUP}/applied`;
/** Annotation on a hook object: `<version>.<event>`, the run that created it. */
export const HOOK_RUN_ANNOTATION = `${API_GROUP}/hook-run`;
/** Annotation on a Release: a token, any text; a different one asks the controller to check everything again at once. */
export const RECONCILE_ANNOTATION = `${API_GROUP}/reconcile`;
/** Annotation on a Release: the token of `RECONCILE_ANNOTATION` with which hooks are asked to run again. */
export const RERUN_HOOKS_ANNOTATION = `${API_GROUP}/rerun-hooks`;
/** Annotation on a service account: the Secrets that say where notices about the Releases that act as it are sent. */
export const NOTIFY_ANNOTATION = `${API_GROUP}/notify`;
/** Annotation on a Release: the user who edited the spec last, as the admission policy of `deploy/editors.yaml` writes it. */
export const EDITOR_ANNOTATION = `${API_GROUP}/edited-by`;
/** Annotation on a ReleaseHistory that was made from a revision of Helm when its release was adopted: the number of that revision. */
export const HELM_REVISION_ANNOTATION = `${API_GROUP}/helm-revision`;
/** Annotation on an object of a chart: `Kind/name` of other objects that have to be ready before it is applied. */
export const DEPENDS_ON_ANNOTATION = `${API_GROUP}/depends-on`;
/** Annotation on an object of a chart: a whole number; it is applied once all objects of lower numbers are ready. */
export const WEIGHT_ANNOTATION = `${API_GROUP}/weight`;
/** At most this many characters of a token count. */
const MAX_TOKEN = 256;
/** What the API server takes in an annotation but refuses in a status, besides lone surrogates. */
const UNREPEATABLE = /(?![\n\t])[\p{Cc}\uFEFF\uFFFE\uFFFF]/gu;
/** Label with which an administrator lets the Releases of a namespace own cluster-scoped objects. */
export const CLUSTER_SCOPE_LABEL = `${API_GROUP}/cluster-scope`;
/** The value of `CLUSTER_SCOPE_LABEL` that allows this. */
export const CLUSTER_SCOPE_ALLOWED = 'allowed';
/** Type of the Secrets that hold the compressed chunks of a version. */
export const CHUNK_SECRET_TYPE = `${API_GROUP}/chunk`;

/** The name of the ReleaseHistory of version `version` of `release`. */
export function historyName(release: string, version: number): string {
  return `${release}-v${version}`;
}

/** Whether the token of the annotation that asks to reconcile asks for the hooks as well. */
export function asksForHooks({ annotations = {} }: Pick<ObjectMeta, 'annotations'>): boolean {
  const token = annotations[RECONCILE_ANNOTATION];
  return token !== undefined && annotations[RERUN_HOOKS_ANNOTATION] === token;
}

/** The part of an annotation's text that counts as a token: its beginning, with `\uFFFD` for what a status cannot repeat. */
export function tokenIn(text: string): string {
  return text.slice(0, MAX_TOKEN).toWellFormed().replace(UNREPEATABLE, '\uFFFD');
}

/** The token with which a Release was last asked to reconcile, as its status repeats it; undefined if it never was. */
export function reconcileTokenOf({ annotations }: Pick<ObjectMeta, 'annotations'>): string | undefined {
  const text = annotations?.[RECONCILE_ANNOTATION];
  return text === undefined ? undefined : tokenIn(text);
}

/** The colour of the objects that are there for one version alone, such as `v2`: their label, and with a dash the end of their names. */
export function colourName(version: number): string {
  return `v${version}`;
}

/** Whether an object has a name like those of a version's colour. */
export function isNamedInColour(name: string, version: number): boolean {
  return name.endsWith(`-${colourName(version)}`);
}
