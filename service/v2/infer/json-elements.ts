import { show } from '../../predict/describe-problem.js';
import { type Datatype, datatypeInfo } from './datatypes.js';
import { type Element, inputError } from './tensor.js';

/** Reads the `data` of a tensor, flat or nested as its shape; `size` is the product of the shape. @throws InvalidRequestError */
export function jsonElements(
  name: string,
  datatype: Datatype,
  shape: number[],
  size: number,
  data: unknown,
): (index: number) => Element {
  if (datatype === 'FP16') throw inputError(name, 'has FP16 in JSON; send it as binary data, or as FP32', 'wrong_type');
  if (!Array.isArray(data)) throw inputError(name, `has ${show(data)} as data, wanted an array`);
  const flat = Array.isArray(data[0]) ? flatten(name, shape, data) : data;
  if (flat.length !== size) {
    throw inputError(name, `has ${flat.length} elements, its shape [${shape.join(', ')}] wants ${size}`);
  }
  return (index) => {
    const value: unknown = flat[index];
    if (value === null || fits(datatype, value)) return value as Element;
    throw inputError(name, `has ${show(value)} at ${index}, wanted ${wanted(datatype)}, or null`, 'wrong_type');
  };
}

/** Takes nested arrays apart, each of the length that the shape says. */
function flatten(name: string, shape: number[], data: unknown[]): unknown[] {
  const flat: unknown[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth === shape.length) {
      flat.push(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[depth]) {
      const found = Array.isArray(value) ? `an array of ${value.length}` : show(value);
      throw inputError(name, `has ${found} at depth ${depth}, its shape [${shape.join(', ')}] wants ${shape[depth]}`);
    }
    for (const each of value) visit(each, depth + 1);
  };
  visit(data, 0);
  return flat;
}

function fits(datatype: Datatype, value: unknown): boolean {
  const { kind, range } = datatypeInfo(datatype);
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'boolean') return typeof value === 'boolean';
  if (typeof value !== 'number') return false;
  return range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]);
}

function wanted(datatype: Datatype): string {
  const { kind, range } = datatypeInfo(datatype);
  if (kind === 'text') return 'a string';
  if (kind === 'boolean') return 'true or false';
  if (range === undefined) return 'a number';
  const beyond = datatype.endsWith('64') ? ' (what lies beyond is exact only as binary data)' : '';
  return `an integer from ${range[0]} to ${range[1]}${beyond}`;
}
