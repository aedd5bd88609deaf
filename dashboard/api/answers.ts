/** The body of every answer that is no success; the texts are plain and for the viewer. */
export type ErrorAnswer = {
  error: ErrorFacts;
};

/** What went wrong; `code` is that of the API server's answer, or of the dashboard's own. */
export type ErrorFacts = {
  code: string;
  message: string;
  /** What to do about it. */
  next?: string;
};

/** Text that was cut or masked is shown as it is; `text` is always plain. */
export type TextAnswer = {
  text: string;
};
