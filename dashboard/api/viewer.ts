import type { ErrorFacts } from './answers.ts';

/** How a viewer signs in: as the user of the kubeconfig, by a token that is typed in, by OIDC, or by a proxy in front. */
export type SignInWay = 'kubeconfig' | 'token' | 'oidc' | 'proxy';

/** What a server may answer beside Releases: `/api/charts…`, `/api/tenants`. */
export type Feature = 'charts' | 'tenants';

/** Whoever looks: `GET /api/viewer`. */
export type Viewer = {
  user: string;
  groups: string[];
  /** The address of the API server, or the name of the kubeconfig's context. */
  cluster: string;
  /** The namespace to begin with where not all may be listed. */
  namespace: string;
  /** Whether there is a session that can be ended by `POST /api/sign-out`. */
  signOut: boolean;
  /** What else can be asked for; the page does not ask for the rest. Absent: nothing. */
  features?: Feature[];
  /** RFC 3339: the present time by the clock of the API server. */
  now: string;
  /** To be sent as the header `X-CSRF-Token` with every request but GET. */
  csrf: string;
};

/** How one can sign in: `GET /api/sign-in`, the one answer that needs no session. */
export type SignInWays = {
  ways: SignInWay[];
  /** Why the last attempt of this browser failed; told once. */
  failure?: ErrorFacts;
};

/** What is sent to `POST /api/sign-in`, which answers 204 with a session, or 401. */
export type SignIn = {
  token: string;
};

/** What a viewer may do in a namespace: `GET /api/permissions?namespace=NS`, with `&name=NAME` with one Release of it. */
export type Permissions = {
  namespace: string;
  /** False where the cluster cannot list its rules: then only `true` is sure, and an action may be allowed that is not named. */
  complete: boolean;
  /** By action: whether it is allowed for the Release that was named, else for every one of the namespace. */
  actions: Record<ActionName, boolean>;
  /** Whether Secrets may be read, which have the values, manifests and notes of versions. */
  readsSecrets: boolean;
  readsHistory: boolean;
  readsLogs: boolean;
  readsEvents: boolean;
  readsPods: boolean;
  /** Whether ReleasePreviews may be created and watched. */
  previews: boolean;
};

/** The names of the actions. */
export type ActionName = 'rollback' | 'approve' | 'edit' | 'suspend' | 'resume' | 'reconcile' | 'delete' | 'install';
