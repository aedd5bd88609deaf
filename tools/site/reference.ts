import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { VERB_GROUPS } from '../../cli/verbs.ts';
import { USAGE } from '../../controller/process/options.ts';

/** A page in Markdown, and the path that it would have as a file. */
export interface Source {
  readonly path: string;
  readonly markdown: string;
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly [{ readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }];
  };
}

const DEFINITIONS = ['releases', 'releasepreviews', 'releasehistories'];

/** The pages that are made of the code: the fields of each kind, the usages of the command, and the flags of the controller. */
export async function referencePages(root: string): Promise<Source[]> {
  const kinds = DEFINITIONS.map(async (name) => kindPage(await readFile(join(root, 'crds', `${name}.yaml`), 'utf8')));
  const controller = `# The controller's flags\n\n\`\`\`\n${USAGE}\`\`\`\n`;
  return [
    ...(await Promise.all(kinds)),
    { path: 'reference/kubectl-release.md', markdown: await commandPage() },
    { path: 'reference/controller.md', markdown: controller },
  ];
}

function kindPage(text: string): Source {
  const { names, versions } = (load(text) as Definition).spec;
  const [{ name, schema }] = versions;
  const { description = '', properties = {} } = schema.openAPIV3Schema;
  const fields = ['spec', 'status'].flatMap((part) => fieldsOf(part, properties[part] ?? {}, false));
  const head = `# ${names.kind}\n\n\`apiVersion: coxswain.dev/${name}\`, \`kind: ${names.kind}\`\n\n${description}\n\n`;
  const path = `reference/${names.kind.toLowerCase()}.md`;
  return { path, markdown: `${head}| field | type | meaning |\n|---|---|---|\n${fields.join('')}` };
}

/** The rows of a field, and of those below it. */
function fieldsOf(path: string, schema: Schema, isRequired: boolean): string[] {
  const { properties = {}, items, additionalProperties: others, required = [] } = schema;
  const row = `| \`${path}\` | ${typeOf(schema)} | ${meaningOf(schema, isRequired)} |\n`;
  const below = Object.entries(properties).map(([name, field]) =>
    fieldsOf(`${path}.${name}`, field, required.includes(name)),
  );
  return [row, ...below.flat(), ...ofEach(`${path}[]`, items), ...ofEach(`${path}.*`, others)];
}

/** The rows of the fields that each item of a list, or each value of a map, has. */
function ofEach(path: string, schema: Schema | boolean | undefined): string[] {
  if (typeof schema !== 'object' || schema.properties === undefined) return [];
  return fieldsOf(path, schema, false).slice(1);
}

function meaningOf({ description = '', default: fallback, enum: values }: Schema, isRequired: boolean): string {
  const facts = [
    inCell(description),
    isRequired ? 'required' : '',
    fallback === undefined ? '' : `default: \`${JSON.stringify(fallback)}\``,
    (values ?? []).map((value) => `\`${String(value)}\``).join(', '),
  ];
  return facts.filter((fact) => fact !== '').join('<br>');
}

function typeOf({ type = 'any', items, additionalProperties }: Schema): string {
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  if (typeof additionalProperties === 'object') return `map of ${typeOf(additionalProperties)}`;
  return type;
}

function inCell(text: string): string {
  return text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
}

async function commandPage(): Promise<string> {
  const parts = ['# kubectl release\n'];
  for (const [title, verbs] of VERB_GROUPS) {
    parts.push(`## ${title}\n`);
    for (const [name, { load: module }] of Object.entries(verbs)) {
      parts.push(`### ${name}\n\n\`\`\`\n${(await module()).usage}\n\`\`\`\n`);
    }
  }
  return parts.join('\n');
}
