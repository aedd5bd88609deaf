/** A file of a chart; `name` is its path inside the chart with forward slashes. */
export interface ChartFile {
  readonly name: string;
  readonly data: Uint8Array;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A chart's file as Helm loads it: without a UTF-8 byte order mark. */
export function fileOf(name: string, data: Uint8Array): ChartFile {
  const marked = BYTE_ORDER_MARK.every((byte, at) => data[at] === byte);
  return { name, data: marked ? data.subarray(BYTE_ORDER_MARK.length) : data };
}
