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

Written by \`test/conformance/registry-client/interoperability.test.ts\`, which does all of this with real programs: Helm ${versions.join(' and ')},
the registries named here, and \`kubectl release\`. It fails where the table is not what it finds.

${[line(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n')}

- **Helm pulls ours**: \`kubectl release push\`, then \`helm pull\`: the same bytes. From a classic repository: \`kubectl release package\`.
- **Helm renders ours**: \`helm template\` of the chart in the registry.
- **we pull Helm’s**: \`helm push\`, then \`kubectl release pull\`: the same bytes.
- **the same pushed again by the other**: no change by us after Helm, and still ours after Helm.
- **Helm verifies ours**: an archive with its \`.prov\` pushed by us, then \`helm pull --verify\`.
- **we verify Helm’s**: \`helm package --sign\` and \`helm push\`, then \`kubectl release pull --keyring\`.
- **listed**: \`kubectl release charts\` and \`versions\` show what both have pushed.
- Credentials for OCI registries were written by \`helm registry login\` and read by both.
`;
}
