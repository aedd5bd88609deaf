/** A machine on which no real node can run; the message says what it lacks. Whatever else is thrown is a fault. */
export class MachineLacks extends Error {
  /** `message` completes the sentence "no real node here: …". */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MachineLacks';
  }
}
