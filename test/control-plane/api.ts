import { request } from 'node:https';

/** How to reach an API server as its administrator: `ca` is the PEM of its certificates. */
export type ApiAccess = { readonly server: string; readonly ca: string; readonly token: string };

/** An answer of the API server; `body` is parsed if it is JSON, else text. */
export type ApiAnswer = { readonly status: number; readonly body: unknown };

/** Sends one request with an optional JSON body; rejects if the server cannot be reached. */
export async function callApi(api: ApiAccess, method: string, path: string, body?: object): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' };
    const sent = request(new URL(path, api.server), { method, headers, ca: api.ca, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const isJson = (response.headers['content-type'] ?? '').startsWith('application/json');
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    sent.on('error', reject);
    sent.setTimeout(10_000, () => sent.destroy(new Error(`no answer to ${method} ${path} within 10 s`)));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
