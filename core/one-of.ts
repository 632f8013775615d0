import { type SchemaOptions, type TUnsafe, Type } from '@sinclair/typebox';

/** A string out of a list, as a JSON Schema `enum`: one problem when it is none of them, not one for each. */
export function oneOf<const T extends string>(values: readonly T[], options: SchemaOptions = {}): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: values, ...options });
}
