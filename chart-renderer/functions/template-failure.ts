/** What `fail` and `required` throw: the chart's author speaks to the user. It is found in the `cause` of a `TemplateError`. */
export class TemplateFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateFailure';
  }
}
