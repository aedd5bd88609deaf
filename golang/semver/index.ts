// Versions and ranges by the rules of Masterminds/semver, which Helm uses for charts, dependencies, capabilities and templates.
// Pure functions on text: it knows of no chart and of no registry.
export { asRange, inRange, isCompatibleRange, parseRange } from './range.ts';
export type { VersionRange } from './range.ts';
export { asStrictVersion, asVersion, compareVersions, formatVersion, isValidVersion, parseVersion } from './version.ts';
export type { Version } from './version.ts';
