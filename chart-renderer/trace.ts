import { TemplateError } from '../golang/template/index.ts';

/**
 * The error of an execution as Helm 4 reports it: for each template on the way to the fault, a line with where it was, one with what ran,
 * and one with what went wrong. Undefined where a part of the chain is not of Go's templates, so that Helm reports the chain as it is.
 */
export function traceOf(error: TemplateError): string | undefined {
  const steps: string[] = [];
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    const step = at instanceof TemplateError && at.code !== 'Limit' ? stepOf(at.message) : undefined;
    if (step === undefined) return undefined;
    if (step !== steps.at(-1)) steps.push(step);
  }
  return steps.join('').trim();
}

const PREFIX = 'template: ';
const EXECUTING = /^(.*?): executing "([^"]*)" at <(.*?)>: (.*)$/s;

function stepOf(text: string): string | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const rest = text.slice(PREFIX.length);
  if (rest.startsWith('no template ')) return `${text}\n`;
  const [, location = '', template = '', node = '', message = ''] = EXECUTING.exec(rest) ?? [];
  if (location !== '') return `${location}\n  executing "${template}" at <${node}>:\n    ${innermostCut(message)}\n`;
  const end = rest.lastIndexOf(': ');
  return end < 0 ? undefined : `${rest.slice(0, end)}\n  ${innermostCut(rest.slice(end + 2))}\n`;
}

/** Without the error of the next template, which follows. */
function innermostCut(message: string): string {
  const [own = ''] = message.split(' template:', 1);
  return own;
}
