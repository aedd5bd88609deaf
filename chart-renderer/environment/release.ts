import { type GoMap, intValue, type Value } from '../../golang/reflect/index.ts';

/** The release that a chart is rendered for. */
export interface ReleaseInfo {
  readonly name: string;
  readonly namespace: string;
  /** From 1; one more for each upgrade. */
  readonly revision: number;
  readonly isInstall: boolean;
  readonly isUpgrade: boolean;
  /** What templates see as `.Release.Service`: `Helm` unless charts are to know better. */
  readonly service: string;
}

/** What templates see as `.Release`. */
export function releaseValue(release: ReleaseInfo): GoMap {
  return new Map<string, Value>([
    ['Name', release.name],
    ['Namespace', release.namespace],
    ['IsUpgrade', release.isUpgrade],
    ['IsInstall', release.isInstall],
    ['Revision', intValue(release.revision)],
    ['Service', release.service],
  ]);
}
