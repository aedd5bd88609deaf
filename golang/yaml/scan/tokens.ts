import type { Directive, Tag } from './properties.ts';

/** What the scanner tells the parser; `line` counts from 0 and is that of the token's beginning. */
export type Token =
  | { readonly type: Bracket; readonly line: number }
  | { readonly type: 'scalar'; readonly line: number; readonly text: string; readonly isPlain: boolean }
  | { readonly type: 'anchor' | 'alias'; readonly line: number; readonly name: string }
  | { readonly type: 'tag'; readonly line: number; readonly tag: Tag }
  | { readonly type: 'directive'; readonly line: number; readonly directive: Directive };

/** A token about which its type says everything. */
export type Bracket =
  | 'stream-end'
  | 'document-start'
  | 'document-end'
  | 'sequence-start'
  | 'mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'entry'
  | 'key'
  | 'value';
