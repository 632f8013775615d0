import { inSlices } from '../../../core/in-slices.js';
import type { Answer } from '../../predict/answer.js';
import type { OutputDescription } from '../model-tensors.js';
import type { Reply } from '../reply.js';
import type { WantedOutput } from './read-request.js';
import { textBytes } from './text-bytes.js';

/** What goes into the answer of a request. */
export interface AnswerParts {
  modelName: string;
  modelVersion: number;
  id: string;
  parameters: object;
  outputs: WantedOutput[];
  answer: Answer;
}

/** Writes the answer: JSON, and after it the bytes of the outputs that were wanted binary, in the same order. */
export async function writeAnswer(parts: AnswerParts): Promise<Reply> {
  const { modelName, modelVersion, id, parameters, outputs, answer } = parts;
  const head = { model_name: modelName, model_version: String(modelVersion), id, parameters };
  let text = `${JSON.stringify(head).slice(0, -1)},"outputs":[`;
  const binary: Buffer[] = [];
  for (const [i, { output, binary: asBinary }] of outputs.entries()) {
    const { name, datatype } = output;
    const shape = output.shape.map((length) => (length === -1 ? answer.rows : length));
    text += `${i === 0 ? '' : ','}${JSON.stringify({ name, datatype, shape }).slice(0, -1)},`;
    if (asBinary) {
      const bytes = binaryData(output, answer);
      binary.push(bytes);
      text += `"parameters":{"binary_data_size":${bytes.length}}}`;
    } else {
      text += `"data":[${await jsonData(output, answer)}]}`;
    }
  }
  const json = Buffer.from(`${text}]}`);
  if (binary.length === 0) return { status: 200, headers: { 'content-type': 'application/json' }, body: json };
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream', 'inference-header-content-length': String(json.length) },
    body: Buffer.concat([json, ...binary]),
  };
}

/** The elements as JSON, a slice at a time; the texts of integer classes are their digits. */
async function jsonData({ holds, datatype }: OutputDescription, answer: Answer): Promise<string> {
  const { labels, probabilities, values } = answer;
  const width = holds === 'probabilities' ? probabilities!.length / answer.rows : 1;
  const slices: string[] = [];
  await inSlices(answer.rows, (start, end) => {
    if (holds === 'label') {
      const some = labels!.slice(start, end);
      slices.push((datatype === 'BYTES' ? some.map((label) => JSON.stringify(label)) : some).join());
    } else {
      slices.push((holds === 'value' ? values! : probabilities!).subarray(start * width, end * width).join());
    }
  });
  return slices.join();
}

/** The elements as little-endian bytes. */
function binaryData({ holds, datatype }: OutputDescription, answer: Answer): Buffer {
  if (holds === 'label') return datatype === 'BYTES' ? textBytes(answer.labels!) : integerBytes(answer.labels!);
  const numbers = holds === 'value' ? answer.values! : answer.probabilities!;
  const bytes = Buffer.alloc(numbers.length * 4);
  for (let i = 0; i < numbers.length; i++) bytes.writeFloatLE(numbers[i]!, i * 4);
  return bytes;
}

function integerBytes(labels: string[]): Buffer {
  const bytes = Buffer.alloc(labels.length * 8);
  for (let i = 0; i < labels.length; i++) bytes.writeBigInt64LE(BigInt(labels[i]!), i * 8);
  return bytes;
}
