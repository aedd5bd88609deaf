import type { EditAction } from '../../api/index.ts';

/** What a form of values and chart version holds. */
export interface Edited {
  readonly values: string;
  readonly chartVersion: string;
}

/** The action that makes one of the other, with what differs and nothing else; null where nothing does. */
export function editOf(before: Edited, after: Edited): EditAction | null {
  const isOther = {
    values: before.values.trim() !== after.values.trim(),
    chart: before.chartVersion !== after.chartVersion.trim(),
  };
  if (!isOther.values && !(isOther.chart && after.chartVersion.trim() !== '')) return null;
  return {
    do: 'edit',
    ...(isOther.values && { values: after.values }),
    ...(isOther.chart && after.chartVersion.trim() !== '' && { chartVersion: after.chartVersion.trim() }),
  };
}

/** The same edit of what is there now: what was typed stays, and what was not touched is as it is now. */
export function editOn(now: Edited, before: Edited, typed: Edited): Edited {
  const keep = (part: keyof Edited): string => (typed[part] === before[part] ? now[part] : typed[part]);
  return { values: keep('values'), chartVersion: keep('chartVersion') };
}
