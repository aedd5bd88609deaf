import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

// Whether `npm ci` finds all it asks for in package-lock.json, on each platform on which people work.

interface Entry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const PLATFORMS = ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64'];
const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Entry>>;
};

test('each package that another one needs, or may need, is in the lock file', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => placesFor(name, path).every((place) => packages[place] === undefined))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

test('each package that has a part for every platform has it for those on which people work', () => {
  const families = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
    const parts = Object.keys(optionalDependencies).map(
      (name) => placesFor(name, path).flatMap((place) => packages[place] ?? [])[0],
    );
    const platforms = parts.flatMap((part) => (part === undefined ? [] : platformsOf(part)));
    return platforms.length > 1 ? [{ path, lacks: PLATFORMS.filter((platform) => !platforms.includes(platform)) }] : [];
  });
  expect(families.length).toBeGreaterThan(5);
  expect(families.filter(({ lacks }) => lacks.length > 0)).toEqual([]);
});

/** Where a package is looked for by the one at a path. */
function placesFor(name: string, path: string): string[] {
  const own = path === '' ? '' : `${path}/`;
  const above = path.lastIndexOf('/node_modules/');
  const others = path === '' ? [] : placesFor(name, above === -1 ? '' : path.slice(0, above));
  return [`${own}node_modules/${name}`, ...others];
}

/** Linux is that of glibc, on which Node is built. */
function platformsOf({ os = [], cpu = [], libc = ['glibc'] }: Entry): string[] {
  return libc.includes('glibc') ? os.flatMap((name) => cpu.map((processor) => `${name} ${processor}`)) : [];
}
