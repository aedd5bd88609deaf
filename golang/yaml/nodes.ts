/** What a document is made of. */
export type Node = ScalarNode | MappingNode | SequenceNode | AliasNode;

/** A single value; `tag` is whole, such as `tag:yaml.org,2002:str`, and empty where none is written. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly text: string;
  readonly isPlain: boolean;
  readonly tag: string;
}

/** A key and its value. */
export type NodePair = readonly [Node, Node];

export interface MappingNode {
  readonly kind: 'mapping';
  readonly pairs: NodePair[];
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: Node[];
}

/** The name of a node that stands elsewhere, or around it. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: Node;
}
