import type { KubeObject } from '../resources/index.ts';
import type { KubeClient } from './client.ts';

/** What a user may do in one namespace, or in the whole cluster, as one review says. */
export interface Rules {
  /** False where the server's authorizer cannot list its rules (a webhook, say): then only `true` answers are sure. */
  complete: boolean;
  /** `resource` is a plural, or `plural/subresource`; without `name`, whether it is allowed for every name. */
  allows: (verb: string, group: string, resource: string, name?: string) => boolean;
}

interface ResourceRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

interface RulesReview extends KubeObject {
  status: { incomplete: boolean; resourceRules?: ResourceRule[] | null };
}

interface AccessReview extends KubeObject {
  status: { allowed: boolean };
}

const ACCESS_REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
};

const SUBJECT_REVIEWS = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  verbs: ['create'],
};

const REVIEWS = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  verbs: ['create'],
};

/** A review is about one namespace: in one that cannot exist, only the rules for the whole cluster hold. */
const NO_NAMESPACE = 'no.namespace';

/** The rules that RBAC gives the client's user in `namespace`, cluster-wide ones included, or in the whole cluster; one request. */
export async function rulesFor(client: KubeClient, namespace = NO_NAMESPACE): Promise<Rules> {
  const question = { apiVersion: 'authorization.k8s.io/v1', kind: REVIEWS.kind, metadata: {}, spec: { namespace } };
  const { status } = await client.create<RulesReview>(REVIEWS, question as unknown as RulesReview);
  return rulesOf(status.resourceRules ?? [], !status.incomplete);
}

/** A user as the API server knows one. */
export interface KnownUser {
  username: string;
  groups: readonly string[];
  /** RFC 3339: when it said so, by its clock. */
  answeredAt: string;
}

interface SubjectReview extends KubeObject {
  status: { userInfo: { username?: string; groups?: string[] } };
}

/** As whom the API server knows the client; throws KubeError Unauthorized where its credentials are not taken. */
export async function whoAmI(client: KubeClient): Promise<KnownUser> {
  const question = { apiVersion: 'authentication.k8s.io/v1', kind: SUBJECT_REVIEWS.kind, metadata: {} };
  const { status, metadata } = await client.create<SubjectReview>(
    SUBJECT_REVIEWS,
    question as unknown as SubjectReview,
  );
  const { username = '', groups = [] } = status.userInfo;
  return { username, groups, answeredAt: metadata.creationTimestamp ?? '' };
}

/** One question that RBAC answers; without `namespace`, for the whole cluster. */
export interface Permission {
  verb: string;
  group: string;
  resource: string;
  name?: string | undefined;
  namespace?: string | undefined;
}

/** Whether the client's user may do this, whatever authorizer decides; one request. */
export async function isAllowed(client: KubeClient, permission: Permission): Promise<boolean> {
  const spec = { resourceAttributes: permission };
  const question = { apiVersion: 'authorization.k8s.io/v1', kind: ACCESS_REVIEWS.kind, metadata: {}, spec };
  const { status } = await client.create<AccessReview>(ACCESS_REVIEWS, question as unknown as AccessReview);
  return status.allowed;
}

/** The answers that a review's rules give, by RBAC's rules of matching. */
export function rulesOf(rules: readonly ResourceRule[], complete: boolean): Rules {
  return {
    complete,
    allows: (verb, group, resource, name) =>
      rules.some(
        (rule) =>
          matches(rule.verbs, verb) &&
          matches(rule.apiGroups, group) &&
          matchesResource(rule.resources, resource) &&
          matchesName(rule.resourceNames, name),
      ),
  };
}

function matches(allowed: readonly string[] | undefined, wanted: string): boolean {
  return allowed?.some((each) => each === '*' || each === wanted) ?? false;
}

function matchesResource(allowed: readonly string[] | undefined, wanted: string): boolean {
  const subresource = wanted.split('/')[1];
  return matches(allowed, wanted) || (subresource !== undefined && matches(allowed, `*/${subresource}`));
}

function matchesName(allowed: readonly string[] | undefined, wanted: string | undefined): boolean {
  if (allowed === undefined || allowed.length === 0) return true;
  return wanted !== undefined && allowed.includes(wanted);
}
