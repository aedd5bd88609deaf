// What those who know Helm, Flux or kubectl type by themselves: the command here, or what to do instead.

/** A word that stands for one of our commands. */
const SYNONYMS = new Map([
  ['ls', ['list']],
  ['get releases', ['list']],
  ['get release', ['list']],
  ['get values', ['values']],
  ['get manifest', ['manifest']],
  ['get hooks', ['manifest', '--hooks']],
  ['get notes', ['notes']],
  ['get all', ['status']],
  ['get metadata', ['status']],
  ['uninstall', ['delete']],
  ['un', ['delete']],
  ['del', ['delete']],
  ['hist', ['history']],
  ['inspect', ['show']],
  ['tree', ['status']],
  ['--version', ['version', '--client']],
  ['sync', ['reconcile']],
]);

const INSTEAD = new Map([
  ['get', 'kubectl release values|manifest|notes NAME, or kubectl get release NAME -o yaml'],
  ['create', 'kubectl release install NAME CHART, or kubectl create release NAME --chart CHART'],
  ['edit', 'kubectl edit release NAME'],
  ['apply', 'kubectl apply -f FILE'],
  ['describe', 'kubectl describe release NAME, or kubectl release status NAME'],
  ['repo', 'not needed: name a chart by its address, as oci://HOST/SPACE/NAME or NAME --repo URL'],
  ['search', 'kubectl release charts REGISTRY and kubectl release versions CHART'],
  ['registry', 'helm registry login or docker login: what they keep is read here too'],
  ['login', 'helm registry login or docker login: what they keep is read here too'],
  ['dependency', 'kubectl release compose FILE, or helm dependency update'],
  ['dep', 'kubectl release compose FILE, or helm dependency update'],
  ['verify', 'kubectl release pull CHART --keyring FILE'],
  ['env', 'kubectl release version'],
  ['plugin', 'it is one of kubectl: kubectl plugin list'],
]);

/** The command line with our command in place of a foreign word; as it is if it has none. */
export function translated(args: readonly string[]): readonly string[] {
  const [first = '', second = '', ...rest] = args;
  const ofTwo = SYNONYMS.get(`${first} ${second}`);
  if (ofTwo !== undefined) return [...ofTwo, ...rest];
  const ofOne = SYNONYMS.get(first);
  return ofOne === undefined ? args : [...ofOne, ...args.slice(1)];
}

/** The whole words that are understood besides our commands, or answered: no abbreviations, which nobody misspells. */
export function foreignWords(): string[] {
  return [...SYNONYMS.keys(), ...INSTEAD.keys()].filter((word) => /^[a-z]{5,}$/.test(word));
}

/** What to use in place of a command that does not exist. */
export function ownCommandFor(word: string): string | undefined {
  return INSTEAD.get(word);
}

const FLAGS = new Map([
  ['atomic', 'set it in the Release, as spec.onFailure: {strategy: Rollback}'],
  ['rollback-on-failure', 'set it in the Release, as spec.onFailure: {strategy: Rollback}'],
  ['cleanup-on-fail', 'what a failed version has created is deleted by the next one that succeeds'],
  ['force', 'objects whose immutable fields change are recreated where nothing is lost; see spec.recreate'],
  ['force-conflicts', 'fields that others set are taken back; see spec.drift and spec.ignore'],
  ['no-hooks', 'set it in the Release, as spec.hooks: Skip; for a deletion, as spec.uninstall: {hooks: Skip}'],
  ['keep-history', 'set it in the Release before you delete it, as spec.uninstall: {keepHistory: true}'],
  ['description', 'each version describes itself: kubectl release history NAME'],
  ['devel', "name a range that takes pre-releases, such as --version '>0.0.0-0'"],
  ['generate-name', 'name the release: its name is how you come back to it'],
  ['max-history', 'set it in the Release, as spec.historyLimit'],
  ['history-max', 'set it in the Release, as spec.historyLimit'],
  ['wait-for-jobs', '--wait waits for Jobs too'],
  ['kube-context', 'it is --context, as in kubectl'],
  ['kube-as-user', 'it is --as, as in kubectl'],
  ['kube-as-group', 'it is --as-group, as in kubectl'],
  ['destination-dir', 'it is --destination'],
  ['post-renderer', 'set spec.patches in the Release'],
  ['n', 'this command asks no cluster'],
  ['namespace', 'this command asks no cluster'],
  ['context', 'this command asks no cluster'],
  ['kubeconfig', 'this command asks no cluster'],
  ['username-stdin', 'it is --password-stdin'],
  ['skip-crds', 'set it in the Release, as spec.crds: Skip'],
  ['skip-schema-validation', 'set it in the Release, as spec.schemaValidation: Skip'],
  ['labels', 'set spec.commonMetadata in the Release for its objects; kubectl label release NAME for itself'],
  ['take-ownership', 'set it in the Release, as spec.adopt: Any'],
  ['verify', 'name the keys: --keyring or --cosign-key where charts are pulled, spec.chart.verify in the Release'],
  ['keyring', 'set spec.chart.verify in the Release'],
  ['insecure-skip-tls-verify', 'name the authority to trust: --ca-file, or ca.crt in the Secret of the Release'],
  ['dependency-update', 'first kubectl release compose FILE, or helm dependency update'],
  ['untar', 'unpack what it has pulled: tar -xf'],
  ['untardir', 'unpack what it has pulled: tar -xf'],
  ['sign', 'helm package --sign, or cosign sign for what was pushed'],
  ['validate', 'add --cluster to render for a real cluster; kubectl release upgrade --dry-run tries it there'],
  ['revision', 'values, manifest and notes show an earlier version, with --version'],
  ['show-resources', 'they are always shown'],
  ['max', 'all are shown'],
  ['short', 'it is -o name'],
  ['q', 'it is -o name'],
  ['failed', 'it is --health Red, or --not-ready'],
  ['pending', 'it is --not-ready'],
  ['deployed', 'it is --health Green'],
  ...['no-headers', 'sort-by', 'show-labels'].map((name) => [name, 'kubectl get releases has it'] as const),
]);

/** What to use in place of an option that does not exist. */
export function foreignFlag(name: string): string | undefined {
  return FLAGS.get(name);
}
