/** How a version comes into force: in place, or beside the one before it, which then stays for a while. */
export type Strategy = {
  type: 'Apply' | 'BlueGreen';
  /** With `BlueGreen`, and only then: the Service that leads to one colour at a time. */
  service?: string;
  /** The name of a Service to create, which leads to the new colour while it comes up; absent: none. */
  preview?: string;
  /** Go duration: how long the old colour stays after the cut; absent: 10m. Control, not content. */
  keepFor?: string;
  /** What has to succeed before the cut, once the new colour is Green. Control, not content. */
  checks?: ColourCheck[];
};

/** A check of a new colour through the preview Service: of one kind. */
export type ColourCheck = {
  /** The `test` hooks of the chart. */
  tests?: true;
  http?: HttpCheck;
};

/** A request that the new colour answers as expected, made by a Job. */
export type HttpCheck = {
  path: string;
  /** The port of the preview Service; absent: 80. */
  port?: number;
  /** Absent: 200. */
  expectedStatus?: number;
  /** Go duration: how long it may take until the answer is as expected; absent: 1m. */
  timeout?: string;
  /** An image with `sh`, `date`, `sleep` and `curl`. */
  image: string;
};
