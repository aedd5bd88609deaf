/** What is tried at each registry: the columns of the table. */
export const COLUMNS = [
  'Helm pulls ours',
  'Helm renders ours',
  'we pull Helm’s',
  'the same pushed again by the other',
  'Helm verifies ours',
  'we verify Helm’s',
  'listed',
] as const;

export type Outcome = 'yes' | 'no' | '–';

/** What was found of one version of Helm at one registry; the outcomes stand in the order of the columns. */
export type Row = { helm: string; registry: string; transport: string; authentication: string; outcomes: Outcome[] };

/** The text of docs/interoperability.md, with the versions of Helm in this order. */
export function pageOf(rows: readonly Row[], versions: readonly string[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['Helm', 'registry', 'transport', 'authentication', ...COLUMNS];
  const body = rows
    .toSorted((a, b) => versions.indexOf(a.helm) - versions.indexOf(b.helm))
    .map(({ helm: by, registry, transport, authentication, outcomes }) =>
      line([by, registry, transport, authentication, ...outcomes]),
    );
  return `# Interoperability with Helm

Written by \`test/conformance/registry-client/interoperability.test.ts\`, which does all this with real programs: Helm ${versions.join(' and ')},
the registries named here, and \`kubectl release\`. It fails if the table differs from what it finds.

${[line(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n')}

- **Helm pulls ours**: \`kubectl release push\`, then \`helm pull\`: the same bytes. From a classic repository: \`kubectl release package\`.
- **Helm renders ours**: \`helm template\` of the chart in the registry.
- **we pull Helm’s**: \`helm push\`, then \`kubectl release pull\`: the same bytes.
- **the same pushed again by the other**: pushed by us after Helm, nothing changes; pushed by Helm after us, we can still pull it.
- **Helm verifies ours**: an archive with its \`.prov\` pushed by us, then \`helm pull --verify\`.
- **we verify Helm’s**: \`helm package --sign\` and \`helm push\`, then \`kubectl release pull --keyring\`.
- **listed**: \`kubectl release charts\` and \`versions\` show what either has pushed.
- Credentials for OCI registries were written by \`helm registry login\` and read by both.

## Beside Helm 4 in a cluster

What real Helm 4.3.2 writes to a real API server, as \`test/cluster/releases/applying/beside-helm4.test.ts\` sees it:

| | in \`managedFields\`, by the manager \`helm\` | a field that others have edited |
|---|---|---|
| \`helm install\`, hooks too | \`Apply\` | – |
| \`helm upgrade\` | \`Apply\`, as for the version before | is refused: \`conflict with "editor"\` |
| \`--force-conflicts\` | \`Apply\` | is written: the others lose it |
| \`--server-side=false\`, and upgrades after it | \`Update\` | is written |
| \`helm upgrade --server-side=true\` after that | \`Apply\`, which takes the place of \`Update\` | as \`helm upgrade\` |
| \`helm rollback\` to a version that was written with \`Update\` | \`Update\`; an \`Apply\` entry without the fields stays | not tried |

- A Release takes over nothing from a Helm release, however that was written, unless \`spec.adopt\` says so: \`AlreadyExists\` with the
  namespace and name of the Helm release, which the annotations \`meta.helm.sh/release-*\` give in either case.
- Helm takes over nothing from a Release: "cannot be imported into the current release".
- A chart with a file in \`crds/\` that contains no objects is not installed by Helm 3, Helm 4 or a Release; an upgrade to it is possible.

## What Helm does and a Release does not

- A \`values.schema.json\` that refers to another schema by URL (\`"$ref": "https://…"\`, or \`$schema\` with a URL other than a draft's at
  json-schema.org) is refused, \`SchemaViolation\`; Helm fetches the URL. The controller works in the cluster's network for all tenants:
  fetching what a tenant's chart names would let the tenant send requests to places that only the controller can reach, and the same
  version could mean different things on different days. Put that schema under \`$defs\` in the chart's own and refer to \`#/$defs/…\`, or set
  \`schemaValidation: Skip\`. A \`urn:\` allows everything, as in Helm.
`;
}
