import { ChartError } from '../errors.ts';

/** As many as systems allow in a path; no file can have been stored under a longer one. */
const NAME_LIMIT = { name: 'nameChars', value: 4096 };

/**
 * The path inside the chart of an archive entry's name, its base directory removed; throws `unsafe-path` where Helm refuses the
 * name: absolute, outside the chart, a Windows drive, or a Chart.yaml beside the base directory; and
 * `limit` where it is longer than a file's can be.
 */
export function chartPathOf(name: string): string {
  if (name.length > NAME_LIMIT.value) {
    const message = `chart contains a file name of more than ${NAME_LIMIT.value} characters`;
    throw new ChartError('Limit', message, { limit: NAME_LIMIT });
  }
  if (name.includes('\0')) throw refused(`chart contains a name with a NUL byte: ${JSON.stringify(name)}`);
  const delimiter = name.includes('\\') ? '\\' : '/';
  const [base, ...rest] = name.split(delimiter);
  const inner = rest.join('/');
  // Helm takes the first case for a base directory without a name; nothing that packs charts writes it.
  if (name.startsWith('/') || inner.startsWith('/')) throw refused('chart illegally contains absolute paths');
  const path = cleaned(inner);
  if (path === '.')
    throw refused(`chart illegally contains content outside the base directory: ${JSON.stringify(name)}`);
  if (path.startsWith('..')) throw refused('chart illegally references parent directory');
  if (/^[a-zA-Z]:\//.test(path)) throw refused('chart contains illegally named files');
  if (base === 'Chart.yaml') throw refused('chart yaml not in base directory');
  return path;
}

/** Go's path.Clean of a relative path, in linear time, which Node's `normalize` does not take for many `..`. */
function cleaned(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(part);
  }
  return kept.join('/') || '.';
}

function refused(message: string): ChartError {
  return new ChartError('UnsafePath', message);
}
