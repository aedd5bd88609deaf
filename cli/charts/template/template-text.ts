import { matchesGlob } from 'node:path';
import type { DocumentText, HelmVersion, RenderedTexts } from '../../../chart-renderer/index.ts';
import { CliError } from '../../errors.ts';

/** Which of the documents of a chart are shown. */
export interface TemplateChoice {
  /** Files of the chart, without its name; none: all. */
  readonly showOnly: readonly string[];
  readonly includeDefinitions: boolean;
  readonly withoutHooks: boolean;
  readonly withoutTests: boolean;
}

/** What `helm template` prints of a rendering, without the last line break. Throws CliError NotFound for a file that gives nothing. */
export function templateText(texts: RenderedTexts, choice: TemplateChoice, helmVersion: HelmVersion): string {
  const { parts, hooks } = chosen(texts, choice);
  const last = parts.at(-1);
  const trimmed = last === undefined ? parts : [...parts.slice(0, -1), { ...last, text: last.text.trimEnd() }];
  const all = [...trimmed, ...hooks];
  if (choice.showOnly.length === 0) return withoutLastBreak(all.map(withSource).join(''));
  // Helm splits what it would print, and Helm 4 leaves the line break of each document at its end.
  const end = helmVersion === 'v4' ? '\n' : '';
  const shown = shownOnly(all, choice.showOnly).map((document) => withSource(document) + end);
  return withoutLastBreak(shown.join(''));
}

function withoutLastBreak(text: string): string {
  return text.replace(/\n$/, '');
}

/** The files that `helm template --output-dir` writes, by their names below it. */
export function filesToWrite(texts: RenderedTexts, choice: TemplateChoice): Map<string, string> {
  const { parts, hooks } = chosen(texts, choice);
  const files = new Map<string, string>();
  const wanted = choice.showOnly.length > 0 ? shownOnly([...parts, ...hooks], choice.showOnly) : [...parts, ...hooks];
  for (const document of wanted) {
    files.set(document.source, (files.get(document.source) ?? '') + withSource(document));
  }
  return files;
}

function chosen({ documents, definitions }: RenderedTexts, choice: TemplateChoice) {
  const isShown = ({ hook }: DocumentText): boolean =>
    hook !== undefined && !choice.withoutHooks && !(choice.withoutTests && hook.events.includes('test'));
  return {
    parts: [...(choice.includeDefinitions ? definitions : []), ...documents.filter(({ hook }) => hook === undefined)],
    hooks: documents.filter(isShown),
  };
}

function withSource({ source, text }: DocumentText): string {
  return `---\n# Source: ${source}\n${text}\n`;
}

function shownOnly(documents: readonly DocumentText[], files: readonly string[]): DocumentText[] {
  return files.flatMap((file) => {
    const found = documents.filter(({ source }) => matchesGlob(source.slice(source.indexOf('/') + 1), file));
    if (found.length > 0) return found;
    throw new CliError('NotFound', `no template ${file} renders anything`, {
      next: 'Name a file of the chart, such as templates/service.yaml.',
    });
  });
}
