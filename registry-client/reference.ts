import { isDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { RegistryError } from './errors.ts';

/** Where a chart is, in the parts that `pullChart` takes. */
export interface ChartReference {
  /** `oci://host[:port]/space` or `https://host/path`, without a slash at the end. */
  registry: string;
  name: string;
  version?: string;
  digest?: Digest;
}

/** Where a chart is kept: `host[:port]`, and there the repository, or for a classic repository the path of its index. */
export interface ChartPlace {
  host: string;
  path: string;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const CLASSIC_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,249}$/;
const MAX_REPOSITORY_LENGTH = 255;

/**
 * Parses `oci://host[:port]/space/name[:tag][@digest]`, or `https://host/path` of a classic repository together with a chart's
 * name and version. A tag's `_` is read as the `+` of a version. Throws `InvalidReference`.
 */
export function parseChartReference(text: string, chart: { name?: string; version?: string } = {}): ChartReference {
  if (text.startsWith('oci://')) return parseOciReference(text, chart.version);
  const registry = trimmed(parseRegistry(text).href);
  if (chart.name === undefined) throw invalid(text, 'a chart of a classic repository needs a name besides the URL');
  return { registry, name: checkClassicName(chart.name), ...withVersion(chart.version) };
}

/** Returns where a chart is kept, equal however its registry is written; throws `InvalidReference`. */
export function placeOf({ registry, name }: { registry: string; name: string }): ChartPlace {
  const url = parseRegistry(registry);
  const path = registry.startsWith('oci://') ? repositoryOf(url, name) : url.pathname.replace(/^\/|\/$/g, '');
  return { host: url.host, path };
}

function parseOciReference(text: string, version: string | undefined): ChartReference {
  const [rest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) {
    throw invalid(text, 'what follows @ is not a digest (sha256: and 64 hex digits)');
  }
  const slash = rest.lastIndexOf('/');
  const [name = '', tag, ...extra] = rest.slice(slash + 1).split(':');
  if (extra.length > 0) throw invalid(text, 'it has more than one tag');
  const registry = rest.slice(0, slash);
  if (registry.endsWith('/')) throw invalid(text, 'a part of its path is empty');
  repositoryOf(parseRegistry(registry), name);
  const tagged = tag === undefined ? version : versionOfTag(checkTag(tag, text));
  return { registry, name, ...withVersion(tagged), ...(digest === undefined ? {} : { digest }) };
}

/** Writes a reference as people read it: `oci://host/space/name:1.2.3@sha256:…`, `https://host/path name 1.2.3`. */
export function formatReference(reference: {
  registry: string;
  name: string;
  version?: string | undefined;
  digest?: string | undefined;
}): string {
  const { registry, name, version, digest } = reference;
  const base = formatRegistry(registry);
  if (!base.startsWith('oci://')) return [base, name, version, digest].filter((part) => part !== undefined).join(' ');
  const isTag = version !== undefined && TAG.test(tagOfVersion(version));
  const suffix = version === undefined ? '' : isTag ? `:${version}` : ` ${version}`;
  return `${base}/${name}${suffix}${digest === undefined ? '' : `@${digest}`}`;
}

/** Writes a registry as people read it, without a user. */
export function formatRegistry(registry: string): string {
  return trimmed(withoutUser(registry));
}

/** Parses `oci://…`, `https://…` or `http://…` into a URL without query and user; throws `InvalidReference`. */
export function parseRegistry(text: string): URL {
  const [, scheme, rest = ''] = /^(oci|https?):\/\/(.+)$/.exec(trimmed(text)) ?? [];
  const address = `${scheme === 'http' ? 'http' : 'https'}://${rest}`;
  if (!URL.canParse(address)) throw invalid(text, 'it is not oci://host/space or https://host/path');
  const url = new URL(address);
  const faults: [boolean, string][] = [
    [url.username !== '' || url.password !== '', 'credentials do not belong in a URL; pass them separately'],
    // A URL loses such parts of its path when it is parsed.
    [/\/\.{0,2}(\/|$)/.test(rest), 'a part of its path is empty, . or ..'],
    [url.hash !== '' || (scheme === 'oci' && url.search !== ''), 'it has a query or a fragment'],
  ];
  for (const [isAtFault, reason] of faults) if (isAtFault) throw invalid(text, reason);
  return url;
}

/** Returns the repository of a chart below an `oci://` registry's path, checked; throws `InvalidReference`. */
export function repositoryOf(registry: URL, name: string): string {
  const repository = [...registry.pathname.split('/').filter((part) => part !== ''), name].join('/');
  if (repository.length > MAX_REPOSITORY_LENGTH || !repository.split('/').every((part) => COMPONENT.test(part))) {
    throw invalid(repository, 'it is not the name of an OCI repository (lower case, digits, and . _ - between them)');
  }
  return repository;
}

/** Returns the tag under which a version is kept: OCI tags cannot hold `+`, and Helm writes `_` for it. */
export function tagOfVersion(version: string): string {
  return version.replaceAll('+', '_');
}

/** Returns the version that a tag stands for. */
export function versionOfTag(tag: string): string {
  return tag.replaceAll('_', '+');
}

/** Returns `tag` where it is one that a registry may have; throws `InvalidReference`. */
export function checkTag(tag: string, reference: string): string {
  if (TAG.test(tag)) return tag;
  throw invalid(reference, `${JSON.stringify(tag)} is neither a version, a range nor a tag`);
}

/** Returns `name` where it can be that of a chart in a classic repository; throws `InvalidReference`. */
export function checkClassicName(name: string): string {
  if (CLASSIC_NAME.test(name)) return name;
  throw invalid(JSON.stringify(name), 'it is not a chart name');
}

function withVersion(version: string | undefined): { version?: string } {
  return version === undefined ? {} : { version };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function invalid(text: string, reason: string): RegistryError {
  const reference = withoutUser(text);
  return new RegistryError({ code: 'InvalidReference', attempted: 'read the reference', reference, reason });
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}
