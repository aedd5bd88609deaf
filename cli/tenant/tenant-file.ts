/** What a tenant is to have, as a short file says it, defaults filled in. */
export interface TenantFile {
  readonly name: string;
  readonly stages: readonly string[];
  readonly serviceAccount: string;
  /** A ClusterRole for the service account; absent where `rules` are given. */
  readonly role?: string;
  /** Of a Role of its own. */
  readonly rules?: readonly object[];
  readonly editors: readonly string[];
  readonly viewers: readonly string[];
  readonly quota: Readonly<Record<string, string>>;
  /** How many Releases there may be in a namespace. */
  readonly releases?: number;
  readonly policy: TenantPolicy;
}

/** What each of a tenant's namespaces is held to. */
export interface TenantPolicy {
  /** A level of the Pod Security Standards. */
  readonly podSecurity?: 'baseline' | 'restricted';
  /** Every Release waits for the approval of each change. */
  readonly approval?: 'required';
  /** Pods take connections from their own namespace only. */
  readonly network?: 'isolated';
}

const POLICIES: Readonly<Record<keyof TenantPolicy, readonly string[]>> = {
  podSecurity: ['baseline', 'restricted'],
  approval: ['required'],
  network: ['isolated'],
};

const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What each field has to be, where it is given. */
const RULES: Readonly<Record<keyof TenantFile, readonly [isRight: (value: unknown) => boolean, problem: string]>> = {
  name: [isName, 'has to be a name, such as shop'],
  stages: [(value) => isListOf(value, isName), 'has to be a list of names, such as [dev, prod]'],
  serviceAccount: [isName, 'has to be a name'],
  role: [isText, 'has to be the name of a ClusterRole'],
  rules: [(value) => isListOf(value, isMap), 'has to be a list of the rules of a Role'],
  editors: [(value) => isListOf(value, isText), 'has to be a list of users and group:NAME'],
  viewers: [(value) => isListOf(value, isText), 'has to be a list of users and group:NAME'],
  quota: [(value) => isMap(value) && Object.values(value).every(isQuantity), 'has to be a map of quantities'],
  policy: [
    isPolicy,
    `has to be a map of ${Object.entries(POLICIES)
      .map(([name, values]) => `${name}: ${values.join(' or ')}`)
      .join(', ')}`,
  ],
  releases: [(value) => Number.isSafeInteger(value) && Number(value) >= 0, 'has to be a number'],
};

const DEFAULTS = { stages: [], serviceAccount: 'default', editors: [], viewers: [], quota: {}, policy: {} };

/** Reads what YAML gave; throws an Error with all that is wrong. */
export function tenantIn(document: unknown): TenantFile {
  if (!isMap(document)) throw new Error('it is not a map');
  const unknown = Object.keys(document).filter((field) => !Object.hasOwn(RULES, field));
  const given = { name: undefined, ...document };
  const wrong = Object.entries(RULES).filter(
    ([field, [isRight]]) => Object.hasOwn(given, field) && !isRight(given[field as keyof typeof given]),
  );
  const problems = [
    ...unknown.map((field) => `${field} is not a field; the fields are ${Object.keys(RULES).join(', ')}`),
    ...wrong.map(([field, [, problem]]) => `${field} ${problem}`),
    ...('role' in document && 'rules' in document ? ['role and rules exclude each other'] : []),
  ];
  if (problems.length > 0) throw new Error(problems.join('; '));
  const tenant = {
    ...('rules' in document ? {} : { role: 'edit' }),
    ...DEFAULTS,
    ...document,
  } as unknown as TenantFile;
  return {
    ...tenant,
    quota: Object.fromEntries(Object.entries(tenant.quota).map(([key, value]) => [key, String(value)])),
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPolicy(value: unknown): boolean {
  const mayBe = (name: string): readonly unknown[] =>
    Object.hasOwn(POLICIES, name) ? POLICIES[name as keyof TenantPolicy] : [];
  return isMap(value) && Object.entries(value).every(([name, setting]) => mayBe(name).includes(setting));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && NAME.test(value);
}

function isQuantity(value: unknown): boolean {
  return (typeof value === 'string' && /^\d+(\.\d+)?[a-zA-Z]{0,2}$/.test(value)) || typeof value === 'number';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}
