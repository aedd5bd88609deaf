import { isSpace } from '../../golang/strings/index.ts';
import type { HelmVersion } from '../helm-version.ts';

/** One YAML document of a rendered file. */
export interface ManifestText {
  readonly text: string;
  /** The line of the file that it begins at, from 1. */
  readonly line: number;
}

/**
 * The documents of a rendered file, split as Helm splits them: at each `---` that begins a line, whatever follows it there. Empty ones
 * are left out, and so is white space before a document, and in Helm 3 that after it too.
 */
export function splitManifests(file: string, helmVersion: HelmVersion): ManifestText[] {
  const { text: body, start } = trimmed(file, helmVersion);
  const lineAt = lineCounter(file);
  const documents: ManifestText[] = [];
  let from = 0;
  for (const { index, 0: separator } of [...body.matchAll(SEPARATORS[helmVersion]), { index: body.length, 0: '' }]) {
    const text = trimmed(body.slice(from, index), helmVersion);
    const isEmpty = helmVersion === 'v3' ? index === from : text.text === '';
    if (!isEmpty) documents.push({ text: text.text, line: lineAt(start + from + text.start) });
    from = index + separator.length;
  }
  return documents;
}

const STREAM_SEPARATOR = /^---[^\S\n]*(?:#.*)?(?:\n|$)/gm;

/**
 * The documents of a stream that Helm hands to Kubernetes' reader as it is, as it does with the files of `crds/`: split at lines of
 * `---`, without the break of their last line, and otherwise as they were written. Those of white space alone are left out.
 */
export function splitStream(stream: string): ManifestText[] {
  const lineAt = lineCounter(stream);
  const documents: ManifestText[] = [];
  let from = 0;
  for (const { index, 0: separator } of [...stream.matchAll(STREAM_SEPARATOR), { index: stream.length, 0: '' }]) {
    const text = stream.slice(from, index).replace(/\n$/, '');
    if (text.trim() !== '') documents.push({ text, line: lineAt(from) });
    from = index + separator.length;
  }
  return documents;
}

/** The text without what Go counts as white space before it, in Helm 3 also after it, and where it begins. */
function trimmed(text: string, helmVersion: HelmVersion): { readonly text: string; readonly start: number } {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (helmVersion === 'v3' && end > start && isSpace(text.charAt(end - 1))) end--;
  return { text: text.slice(start, end), start };
}

const SEPARATORS: Readonly<Record<HelmVersion, RegExp>> = {
  // A run of white space is matched from its beginning only, so that none is scanned twice.
  v3: /(?:^|(?<![\t\n\f\r ])[\t\n\f\r ]*\n)---[\t\n\f\r ]*/g,
  v4: /(?<=^|\n)---[\t ]*/g,
};

/** Tells the line of an offset; offsets must be asked for in ascending order, so that the text is read once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line += 1;
    return line;
  };
}
