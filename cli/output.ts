import { CliError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** kubectl's `-o`, for `readArguments`. */
export const OUTPUT_OPTION = { output: { type: 'string', short: 'o' } } as const;

interface Printed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Prints one object, or several as a List, in the format that the user named; throws CliError Usage for one that is not known. */
export async function printAs(
  format: string,
  printed: Printed | readonly Printed[],
  terminal: Terminal,
): Promise<void> {
  terminal.out(await textAs(format, printed));
}

async function textAs(format: string, printed: Printed | readonly Printed[]): Promise<string> {
  const template = /^jsonpath=(.*)$/s.exec(format)?.[1];
  if (template !== undefined) return textByPath(template, printed);
  switch (format) {
    case 'json':
      return (await import('../resources/index.ts')).jsonOf(listed(printed), 2);
    case 'yaml':
      return (await import('../golang/yaml/index.ts')).writeReadableYaml(listed(printed)).trimEnd();
    case 'name':
      return [printed].flat().map(titleOf).join('\n');
    default:
      throw new CliError('Usage', `-o ${format} is not known: use json, yaml, name or jsonpath=TEMPLATE`);
  }
}

async function textByPath(template: string, printed: Printed | readonly Printed[]): Promise<string> {
  const { jsonPathText } = await import('./json-path/json-path.ts');
  const { jsonOf } = await import('../resources/index.ts');
  return jsonPathText(template, listed(printed), (value) => jsonOf(value)).replace(/\n$/, '');
}

function listed(printed: Printed | readonly Printed[]): object {
  return Array.isArray(printed) ? { apiVersion: 'v1', kind: 'List', items: printed } : printed;
}

function titleOf({ apiVersion, kind, metadata }: Printed): string {
  return `${kind.toLowerCase()}.${apiVersion.split('/')[0]}/${metadata.name}`;
}
