import { describe, expect, test } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

/** Templates and what Helm 3.22 makes of them. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  [
    '{{ urlParse .Values.url | toJson }}',
    '{"fragment":"frag","host":"host.example.com:8080","hostname":"host.example.com","opaque":"","path":"/a b/c","query":"x=1\\u0026y=2","scheme":"https","userinfo":"user:pa%20ss"}',
  ],
  [
    '{{ urlParse "http://[::1]:80/x" | toJson }}',
    '{"fragment":"","host":"[::1]:80","hostname":"::1","opaque":"","path":"/x","query":"","scheme":"http","userinfo":""}',
  ],
  [
    '{{ urlParse "mailto:a@b.c" | toJson }}',
    '{"fragment":"","host":"","hostname":"","opaque":"a@b.c","path":"","query":"","scheme":"mailto","userinfo":""}',
  ],
  [
    '{{ urlParse "/rel/path?q" | toJson }}',
    '{"fragment":"","host":"","hostname":"","opaque":"","path":"/rel/path","query":"q","scheme":"","userinfo":""}',
  ],
  [
    '{{ urlParse "//host/p" | toJson }}',
    '{"fragment":"","host":"host","hostname":"host","opaque":"","path":"/p","query":"","scheme":"","userinfo":""}',
  ],
  [
    '{{ urlParse "" | toJson }}',
    '{"fragment":"","host":"","hostname":"","opaque":"","path":"","query":"","scheme":"","userinfo":""}',
  ],
  [
    '{{ urlParse "HTTP://Ex.com" | toJson }}',
    '{"fragment":"","host":"Ex.com","hostname":"Ex.com","opaque":"","path":"","query":"","scheme":"http","userinfo":""}',
  ],
  [
    '{{ urlParse "a/b:c" | toJson }}',
    '{"fragment":"","host":"","hostname":"","opaque":"","path":"a/b:c","query":"","scheme":"","userinfo":""}',
  ],
  [
    '{{ urlParse "http://h/#a%20b" | toJson }}',
    '{"fragment":"a b","host":"h","hostname":"h","opaque":"","path":"/","query":"","scheme":"http","userinfo":""}',
  ],
  [
    '{{ urlParse "a:b:c" | toJson }}',
    '{"fragment":"","host":"","hostname":"","opaque":"b:c","path":"","query":"","scheme":"a","userinfo":""}',
  ],
  [
    '{{ urlJoin (dict "fragment" "fragment" "host" "host:80" "path" "/path" "query" "query" "scheme" "http" "userinfo" "u:p") }}',
    'http://u:p@host:80/path?query#fragment',
  ],
  ['{{ urlJoin (urlParse .Values.url) }}', 'https://user:pa%20ss@host.example.com:8080/a%20b/c?x=1&y=2#frag'],
  ['{{ urlJoin (dict "path" "a b:c") }}', './a%20b:c'],
  ['{{ urlJoin (dict "host" "h" "path" "p") }}', '//h/p'],
  ['{{ urlJoin (dict "scheme" "mailto" "opaque" "x@y") }}', 'mailto:x@y'],
  ['{{ urlJoin (dict) }}', ''],
];

/** Templates and Helm's errors. */
const ERRORS: readonly (readonly [template: string, error: string])[] = [
  [
    '{{ urlParse "http://a b.com/" }}',
    'template: c/t:1:3: executing "c/t" at <urlParse "http://a b.com/">: error calling urlParse: unable to parse url: parse "http://a b.com/": invalid character " " in host name',
  ],
  [
    '{{ urlParse "://x" }}',
    'template: c/t:1:3: executing "c/t" at <urlParse "://x">: error calling urlParse: unable to parse url: parse "://x": missing protocol scheme',
  ],
  [
    '{{ urlParse "1a:b" }}',
    'template: c/t:1:3: executing "c/t" at <urlParse "1a:b">: error calling urlParse: unable to parse url: parse "1a:b": first path segment in URL cannot contain colon',
  ],
  [
    '{{ urlParse "http://h:x/" }}',
    'template: c/t:1:3: executing "c/t" at <urlParse "http://h:x/">: error calling urlParse: unable to parse url: parse "http://h:x/": invalid port ":x" after host',
  ],
  [
    '{{ urlParse "%zz" }}',
    'template: c/t:1:3: executing "c/t" at <urlParse "%zz">: error calling urlParse: unable to parse url: parse "%zz": invalid URL escape "%zz"',
  ],
  [
    '{{ urlJoin (dict "host" 1) }}',
    'template: c/t:1:3: executing "c/t" at <urlJoin (dict "host" 1)>: error calling urlJoin: unable to parse host key, must be of type string, but int found',
  ],
  [
    '{{ urlJoin "x" }}',
    'template: c/t:1:11: executing "c/t" at <"x">: can\'t handle "x" for arg of type map[string]interface {}',
  ],
];

describe('urls', () => {
  test.each(CASES)('%s', (template, output) => {
    expect(evaluate(template)).toBe(output);
  });

  test.each(ERRORS)('%s fails', (template, error) => {
    expect(evaluate(template)).toBe(`ERR ${error}`);
  });
});
