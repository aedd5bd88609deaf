import { posix } from 'node:path';
import { ChartError } from '../errors.ts';

/**
 * The path inside the chart of an archive entry's name, its base directory removed; throws `unsafe-path` where Helm refuses the
 * name: absolute, outside the chart, a Windows drive, or a Chart.yaml beside the base directory.
 */
export function chartPathOf(name: string): string {
  if (name.includes('\0')) throw refused(`chart contains a name with a NUL byte: ${JSON.stringify(name)}`);
  const delimiter = name.includes('\\') ? '\\' : '/';
  const [base, ...rest] = name.split(delimiter);
  const inner = rest.join('/');
  // Helm takes the first case for a base directory without a name; nothing that packs charts writes it.
  if (name.startsWith('/') || inner.startsWith('/')) throw refused('chart illegally contains absolute paths');
  const path = posix.normalize(inner).replace(/(?<=.)\/$/, '');
  if (path === '.')
    throw refused(`chart illegally contains content outside the base directory: ${JSON.stringify(name)}`);
  if (path.startsWith('..')) throw refused('chart illegally references parent directory');
  if (/^[a-zA-Z]:\//.test(path)) throw refused('chart contains illegally named files');
  if (base === 'Chart.yaml') throw refused('chart yaml not in base directory');
  return path;
}

function refused(message: string): ChartError {
  return new ChartError('unsafe-path', message);
}
