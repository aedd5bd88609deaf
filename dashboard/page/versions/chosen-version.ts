import type { ReleaseRow } from '../../api/index.ts';

/** The version that an address asks for, else the one in force. */
export function chosenVersion(row: Pick<ReleaseRow, 'version'>, asked: URLSearchParams): number | undefined {
  const number = Number(asked.get('version') ?? Number.NaN);
  return Number.isInteger(number) && number > 0 ? number : row.version;
}
