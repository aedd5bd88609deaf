import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';

/** The version that the bundle was made from; the name exists only there. */
declare const COXSWAIN_VERSION: string | undefined;

/** The version of this command. */
export async function clientVersion(): Promise<string> {
  if (typeof COXSWAIN_VERSION === 'string') return COXSWAIN_VERSION;
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) return 'unknown';
  return (JSON.parse(await readFile(path, 'utf8')) as { version?: string }).version ?? 'unknown';
}
