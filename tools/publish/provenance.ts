import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256Of } from './digest.ts';

/** A file, or an image, and the SHA-256 digest of it in hexadecimal digits. */
export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/** What a build was asked for, beyond the sources. */
export interface BuildParameters {
  readonly image?: string | undefined;
  readonly url?: string | undefined;
}

type Dependency = { readonly name: string; readonly digest?: Readonly<Record<string, string>> };

/** What kind of build it is, and whoever ran it: documented in docs/install.md, "Where it comes from". */
const BUILD_TYPE = 'https://coxswain.dev/provenance/make-dist/v1';
const BUILDER = 'https://coxswain.dev/provenance/make/v1';

/**
 * Says from which sources, by which tools and with which parameters the subjects were made: an in-toto statement with SLSA's provenance v1. It
 * has no signature, and no time, so that the same sources give the same statement.
 */
export async function provenance(
  root: string,
  subjects: readonly Subject[],
  { image, url }: BuildParameters,
): Promise<string> {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: {
          target: 'dist',
          ...(image !== undefined && { image }),
          ...(url !== undefined && { url }),
        },
        resolvedDependencies: [...(await sourceOf(root)), await lockOf(root), { name: `node ${process.version}` }],
      },
      runDetails: { builder: { id: BUILDER } },
    },
  };
  return `${JSON.stringify(statement, undefined, 2)}\n`;
}

/** The commit that is checked out, if this is a checkout; marked if something in it has been edited since. */
async function sourceOf(root: string): Promise<Dependency[]> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['--no-optional-locks', ...args], { cwd: root })).stdout.trim();
  try {
    const gitCommit = await git('rev-parse', 'HEAD');
    const isEdited = (await git('status', '--porcelain', '--untracked-files=no')) !== '';
    return [{ name: isEdited ? 'source, edited' : 'source', digest: { gitCommit } }];
  } catch {
    return [];
  }
}

/** The packages are those that it names, each with its own digest. */
async function lockOf(root: string): Promise<Dependency> {
  const name = 'package-lock.json';
  return { name, digest: { sha256: sha256Of(await readFile(join(root, name))) } };
}
