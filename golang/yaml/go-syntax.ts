import { formatFloat, quote } from '../strconv/index.ts';
import type { MappingNode, Node, ScalarNode } from './nodes.ts';
import { integerIn, resolveScalar } from './scalar.ts';
import { taggedScalar } from './tags.ts';

/** A node as Go prints what go-yaml decodes it to by `%#v`, which is how it names a key that cannot be one. */
export function goSyntax(node: Node): string {
  switch (node.kind) {
    case 'scalar':
      return scalarSyntax(node);
    case 'sequence':
      return `[]interface {}{${node.items.map(goSyntax).join(', ')}}`;
    case 'mapping':
      return `map[interface {}]interface {}{${entriesSyntax(node).join(', ')}}`;
    case 'alias':
      return goSyntax(node.target);
  }
}

function entriesSyntax({ pairs }: MappingNode): string[] {
  const entries = new Map(pairs.map(([key, value]) => [goSyntax(key), goSyntax(value)]));
  return [...entries.keys()].sort().map((key) => `${key}:${entries.get(key) ?? ''}`);
}

function scalarSyntax({ text, isPlain, tag }: ScalarNode): string {
  const value = tag !== '' ? taggedScalar(tag, text) : isPlain ? resolveScalar(text) : text;
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  return (integerIn(text) ?? formatFloat(value, 'g', undefined)).toString();
}
