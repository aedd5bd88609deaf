/** How a version comes into force: in place, or beside the one before it, which then stays for a while. */
export type Strategy = {
  type: 'Apply' | 'BlueGreen';
  /** With `BlueGreen`, and only then: the Service that leads to one colour at a time. */
  service?: string;
  /** The name of a Service to be made, which leads to the new colour while it comes up; absent: none. */
  preview?: string;
  /** Go duration: how long the old colour stays after the cut; absent: 10m. Control, not content. */
  keepFor?: string;
};
