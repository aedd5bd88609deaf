/** What a `WWW-Authenticate` header asks for. */
export interface Challenge {
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

const SCHEME = /(?:^|,)\s*([A-Za-z][A-Za-z0-9._~+-]*)(?:\s+|$)(?!\s*=)/y;
const PARAMETER = /\s*,?\s*([A-Za-z0-9._~+-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;

/** Reads the challenges of a `WWW-Authenticate` header (RFC 9110, 11.6.1) up to the first part that is malformed. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let position = 0;
  for (;;) {
    SCHEME.lastIndex = position;
    const scheme = SCHEME.exec(header);
    if (scheme === null) return challenges;
    position = SCHEME.lastIndex;
    const parameters = new Map<string, string>();
    for (;;) {
      PARAMETER.lastIndex = position;
      const parameter = PARAMETER.exec(header);
      if (parameter === null) break;
      position = PARAMETER.lastIndex;
      const [, name = '', quoted, token = ''] = parameter;
      parameters.set(name.toLowerCase(), quoted === undefined ? token : quoted.replaceAll(/\\(.)/g, '$1'));
    }
    challenges.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters });
  }
}
