import type { ErrorAnswer, ErrorFacts, Feature, Viewer } from '../../api/index.ts';
import { signal } from '@preact/signals';
import { setClock } from './clock.ts';

/** Whoever looks; null before that is known, `signed-out` where the server asks for a sign-in. */
export const viewer = signal<Viewer | 'signed-out' | null>(null);

/** An answer that is no success. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code: string;
  readonly next: string | undefined;
  readonly status: number;

  constructor({ code, message, next }: ErrorFacts, status: number) {
    super(message);
    this.code = code;
    this.next = next;
    this.status = status;
  }
}

/** The HTTP status of a refusal; undefined for what is none, such as a connection that broke. */
export function refusalIn(error: unknown): number | undefined {
  return error instanceof AnswerError && error.status !== 0 ? error.status : undefined;
}

/** Asks for JSON. A 401 shows the sign-in. Throws AnswerError. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return answerTo<Answer>(path, { ...(signal !== undefined && { signal }) });
}

/** Sends JSON, with the mark that the request is of this page. Throws AnswerError. */
export async function send<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken() };
  return answerTo<Answer>(path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(signal !== undefined && { signal }),
  });
}

/** Asks for text that comes bit by bit. Throws AnswerError. */
export async function askText(path: string, signal: AbortSignal): Promise<ReadableStream<string>> {
  const response = await responseTo(path, { signal });
  if (response.body === null) throw new AnswerError({ code: 'Empty', message: 'The answer is empty' }, response.status);
  return response.body.pipeThrough(new TextDecoderStream());
}

let first: Viewer | undefined;

/** Finds out who looks. Where that is another than before, the page begins anew: nothing of what one saw is shown to another. */
export async function askViewer(): Promise<void> {
  try {
    const told = await ask<Viewer>('/api/viewer');
    setClock(told.now);
    first ??= told;
    if (first.user === told.user && first.cluster === told.cluster) viewer.value = told;
    else location.reload();
  } catch (error) {
    if (!(error instanceof AnswerError && error.status === 401)) throw error;
  }
}

/** Whether the server answers what is asked for. */
export function hasFeature(feature: Feature): boolean {
  const { value } = viewer;
  return value !== null && value !== 'signed-out' && value.features?.includes(feature) === true;
}

function csrfToken(): string {
  const { value } = viewer;
  return value === null || value === 'signed-out' ? '' : value.csrf;
}

async function answerTo<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await responseTo(path, init);
  const text = await response.text();
  const answer: Answer = text === '' ? {} : JSON.parse(text);
  return answer;
}

async function responseTo(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new AnswerError({ code: 'NoAnswer', message: String(error) }, 0);
  });
  if (response.ok) return response;
  if (response.status === 401) viewer.value = 'signed-out';
  throw new AnswerError(await factsIn(response), response.status);
}

async function factsIn(response: Response): Promise<ErrorFacts> {
  try {
    const { error }: ErrorAnswer = await response.json();
    return error;
  } catch {
    return { code: String(response.status), message: response.statusText };
  }
}
