/** The fields of Chart.yaml that are read here; all others go into the configuration as they are. */
export interface ChartMetadata {
  name: string;
  version: string;
  description?: string;
  home?: string;
  sources?: readonly string[];
  maintainers?: readonly { name?: string; email?: string }[];
  dependencies?: readonly object[];
  annotations?: Readonly<Record<string, string>>;
  [field: string]: unknown;
}

const PREFIX = 'org.opencontainers.image';

/** Returns a manifest's annotations as `helm push` writes them. */
export function annotationsOf(metadata: ChartMetadata, created: Date): Record<string, string> {
  const { name, version, description = '', home = '', sources = [], maintainers = [], annotations = {} } = metadata;
  const authors = maintainers.map(({ name: person = '', email = '' }) => person + (email === '' ? '' : ` (${email})`));
  const own = {
    [`${PREFIX}.authors`]: authors.join(', '),
    [`${PREFIX}.created`]: created.toISOString().replace(/\.\d+Z$/, 'Z'),
    [`${PREFIX}.description`]: description,
    [`${PREFIX}.source`]: sources[0] ?? '',
    [`${PREFIX}.title`]: name,
    [`${PREFIX}.url`]: home,
    [`${PREFIX}.version`]: version,
  };
  const filled = Object.entries(own).filter(([, text]) => text.trim() !== '');
  const fixed = [`${PREFIX}.title`, `${PREFIX}.version`];
  const added = Object.entries(annotations).filter(([key]) => !fixed.includes(key));
  return Object.fromEntries([...filled, ...added]);
}
