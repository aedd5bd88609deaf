// Go's net/url: the parts of a URL, and a URL of its parts.
// Works on text alone.
export { parseUrl, unparseUrl, type UrlParts } from './url-parts.ts';
