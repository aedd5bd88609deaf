import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseSync,
  type TsIndexedAccessType,
  type TsType,
  type TsTypeElement,
  type TsTypeReference,
  type VariableDeclarator,
} from '@swc/core';

const folder = join(import.meta.dirname, '..', '..', '..', 'crds');

/** A field of a type of `crds/`; `values` are all that a text may be, where the type says so. */
export interface DeclaredField {
  path: string;
  type: 'object' | 'string' | 'integer' | 'boolean';
  values?: string[];
}

/** What a type is of JSON. */
type Shape =
  | { kind: 'object'; members: [name: string, member: TsType][] }
  | { kind: 'list'; items: TsType }
  | { kind: 'text'; values: string[] }
  | { kind: 'string' | 'integer' | 'boolean' };

/** The types that the files of `crds/` declare, and the texts of their constant lists. */
const types = new Map<string, TsType>();
const lists = new Map<string, string[]>();

for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
  const { body } = parseSync(readFileSync(join(folder, file), 'utf8'), { syntax: 'typescript' });
  for (const statement of body) {
    const declared = statement.type === 'ExportDeclaration' ? statement.declaration : statement;
    if (declared.type === 'TsTypeAliasDeclaration') types.set(declared.id.value, declared.typeAnnotation);
    if (declared.type === 'VariableDeclaration') declared.declarations.forEach(readList);
  }
}

function readList({ id, init }: VariableDeclarator): void {
  if (id.type !== 'Identifier' || init?.type !== 'TsConstAssertion') return;
  if (init.expression.type !== 'ArrayExpression') return;
  const items = init.expression.elements.map((element) => element?.expression);
  const texts = items.flatMap((item) => (item?.type === 'StringLiteral' ? [item.value] : []));
  lists.set(id.value, texts);
}

/**
 * The fields of a property of a type, itself first, by their paths; `[]` stands for the items of a list. Throws where a type is written in
 * a way that this does not read.
 */
export function declaredFields(type: string, property: string): DeclaredField[] {
  const found = membersOf(named(type)).find(([name]) => name === property);
  if (found === undefined) throw new Error(`${type} has no ${property}`);
  return fieldsOf(found[1], property);
}

/** All texts that a type of `crds/` allows. Throws as `declaredFields` does. */
export function declaredValues(type: string): string[] {
  return valuesOf(named(type));
}

function fieldsOf(type: TsType, path: string): DeclaredField[] {
  const shape = shapeOf(type);
  switch (shape.kind) {
    case 'object':
      return [
        { path, type: 'object' },
        ...shape.members.flatMap(([name, member]) => fieldsOf(member, `${path}.${name}`)),
      ];
    case 'list':
      return fieldsOf(shape.items, `${path}[]`);
    case 'text':
      return [{ path, type: 'string', values: shape.values }];
    case 'string':
    case 'integer':
    case 'boolean':
      return [{ path, type: shape.kind }];
  }
}

function shapeOf(type: TsType): Shape {
  if (type.type === 'TsTypeReference') return shapeOfReference(type);
  if (type.type === 'TsTypeLiteral') return { kind: 'object', members: type.members.flatMap(memberOf) };
  if (type.type === 'TsIntersectionType') return { kind: 'object', members: type.types.flatMap(membersOf) };
  if (type.type === 'TsArrayType') return { kind: 'list', items: type.elemType };
  if (type.type === 'TsParenthesizedType') return shapeOf(type.typeAnnotation);
  if (type.type === 'TsUnionType') return { kind: 'text', values: type.types.flatMap(valuesOf) };
  if (type.type === 'TsIndexedAccessType') return { kind: 'text', values: listOf(type) };
  return scalarOf(type);
}

/** A type by its name, or one of TypeScript's that are made of others. */
function shapeOfReference({ typeName, typeParams }: TsTypeReference): Shape {
  const name = typeName.type === 'Identifier' ? typeName.value : '';
  const [whole, left] = typeParams?.params ?? [];
  if (name === 'Record') return { kind: 'object', members: [] };
  if (whole === undefined || left === undefined) return shapeOf(named(name));
  const without = valuesOf(left);
  if (name === 'Exclude') return { kind: 'text', values: valuesOf(whole).filter((value) => !without.includes(value)) };
  if (name === 'Omit') {
    return { kind: 'object', members: membersOf(whole).filter(([member]) => !without.includes(member)) };
  }
  throw new Error(`${name} is not read here`);
}

function scalarOf(type: TsType): Shape {
  if (type.type === 'TsKeywordType' && type.kind === 'number') return { kind: 'integer' };
  if (type.type === 'TsKeywordType' && (type.kind === 'string' || type.kind === 'boolean')) return { kind: type.kind };
  if (type.type === 'TsLiteralType' && type.literal.type === 'BooleanLiteral') return { kind: 'boolean' };
  if (type.type === 'TsLiteralType' && type.literal.type === 'StringLiteral')
    return { kind: 'text', values: [type.literal.value] };
  throw new Error(`${type.type} is not read here`);
}

/** The items of `(typeof LIST)[number]`. */
function listOf({ objectType }: TsIndexedAccessType): string[] {
  const query = objectType.type === 'TsParenthesizedType' ? objectType.typeAnnotation : objectType;
  const name = query.type === 'TsTypeQuery' && query.exprName.type === 'Identifier' ? query.exprName.value : '';
  const list = lists.get(name);
  if (list === undefined) throw new Error('an indexed type that is not of a constant list is not read here');
  return list;
}

function valuesOf(type: TsType): string[] {
  const shape = shapeOf(type);
  if (shape.kind !== 'text') throw new Error(`${shape.kind} is no text`);
  return shape.values;
}

function membersOf(type: TsType): [name: string, member: TsType][] {
  const shape = shapeOf(type);
  if (shape.kind !== 'object') throw new Error(`${shape.kind} has no members`);
  return shape.members;
}

/** An index has no name: what it allows is up to the user. */
function memberOf(element: TsTypeElement): [name: string, member: TsType][] {
  if (element.type !== 'TsPropertySignature' || element.key.type !== 'Identifier') return [];
  const type = element.typeAnnotation?.typeAnnotation;
  return type === undefined ? [] : [[element.key.value, type]];
}

function named(name: string): TsType {
  const type = types.get(name);
  if (type === undefined) throw new Error(`crds/ has no type ${name}`);
  return type;
}
