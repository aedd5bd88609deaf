import { mkdtemp, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An answer of a dashboard. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

/** What is sent; `host` and the like can be what a browser would not send. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Somebody who asks a dashboard, with the cookies that it has given. */
export class Visitor {
  readonly url: string;
  readonly #cookies = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.url = url;
    this.#headers = headers;
  }

  /** Asks once. */
  async ask(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = { ...this.#headers, ...this.#cookie(), ...headers };
    const type = text === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.url), { method, headers: { ...type, ...sent } }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(pieces).toString('utf8');
          this.#keep(response.headers['set-cookie'] ?? []);
          const isJson = response.headers['content-type']?.includes('json') === true;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: answer,
            json: isJson ? JSON.parse(answer) : undefined,
          });
        });
      });
      asked.on('error', reject);
      asked.end(text);
    });
  }

  /** Sends what the page would. */
  async send(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { csrf = '' } = ((await this.ask('/api/viewer')).json ?? {}) as { csrf?: string };
    return this.ask(path, { method: 'POST', body, headers: { 'x-csrf-token': csrf, ...headers } });
  }

  /** The events of a stream as they come, until it ends. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<{ name: string; data: unknown }> {
    const response = await fetch(new URL(path, this.url), {
      headers: { ...this.#headers, ...this.#cookie() },
      signal,
    });
    if (response.status !== 200 || response.body === null)
      throw new Error(`${response.status} ${await response.text()}`);
    let rest = '';
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, name = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (name !== '') yield { name, data: JSON.parse(data) };
      }
    }
  }

  /** The first event of a name for which `until` says yes; throws where the stream ends before. */
  async first<T>(path: string, wanted: string, until: (data: T) => boolean = () => true): Promise<T> {
    const end = new AbortController();
    try {
      for await (const { name, data } of this.events(path, end.signal))
        if (name === wanted && until(data as T)) return data as T;
      throw new Error(`the stream ended without ${wanted}`);
    } finally {
      end.abort();
    }
  }

  #keep(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/; Max-Age=0/.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  #cookie(): Record<string, string> {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
  }
}

/** A folder with a stand-in for the page. */
export async function placeholderPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Releases</title>');
  return folder;
}
